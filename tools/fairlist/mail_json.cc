#include "importer/mail/fault_text.h"
#include "tools/fairlist/json_output.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace fairlist::cli {

namespace {

namespace json = boost::json;
using namespace importer;

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object step_object(const FaultStep& step) {
    return {{"line", step.line},
            {"peer", text_or_null(step.seen.peer ? to_string(*step.seen.peer) : "")},
            {"name", text_or_null(shown_name(step.seen))},
            {"helo", helo_kind(step.seen)},
            {"rule", to_string(step.rule)},
            {"text", step_text(step)}};
}

json::object link_object(const LinkFinding& link) {
    return {{"subject", text_or_null(subject_text(link))},
            {"hosts", link.hosts},
            {"rule", to_string(link.rule)},
            {"list", link.may_be_listed()}};
}

json::object judgement_object(const NumberedJudgement& numbered) {
    const MailJudgement& judgement = numbered.judgement;
    json::array steps;
    for (const FaultStep& step : judgement.fault.steps) {
        steps.emplace_back(step_object(step));
    }
    json::array links;
    for (const LinkFinding& link : judgement.links) {
        links.emplace_back(link_object(link));
    }
    const auto& peer = judgement.fault.peer;
    return {{"message", numbered.number},
            {"address", text_or_null(peer ? to_string(listed_prefix(*peer)) : "")},
            {"list", judgement.fault.may_be_listed},
            {"rule", to_string(judgement.fault.decided_by().rule)},
            {"steps", std::move(steps)},
            {"unused_lines", judgement.fault.unused_lines},
            {"cuts", json::array(judgement.cuts.begin(), judgement.cuts.end())},
            {"unreadable", text_or_null(judgement.unreadable ? judgement.unreadable->message : "")},
            {"parts", judgement.record.parts},
            {"attachments", judgement.record.attachments},
            {"text_bytes", judgement.record.text_bytes},
            {"more_hosts", judgement.record.more_hosts},
            {"links", std::move(links)}};
}

}  // namespace

std::string judgements_json(const std::vector<NumberedJudgement>& judgements) {
    json::array messages;
    for (const NumberedJudgement& judgement : judgements) {
        messages.emplace_back(judgement_object(judgement));
    }
    return json::serialize(json::object{{"messages", std::move(messages)}}) + "\n";
}

}  // namespace fairlist::cli
