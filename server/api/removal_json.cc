#include "server/api/removal_json.h"

#include "server/shown/json_values.h"
#include "server/shown/shown_hit.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string_view>

namespace fairlist::api {

namespace json = boost::json;
using namespace json_values;

namespace {

json::object check_object(const Check& check) {
    return {{"check", text(to_string(check.kind))},
            {"result", text(to_string(check.result))},
            {"seen", text(check.seen)},
            {"remedy", text_or_null(check.remedy)}};
}

// Who it was as a kind: "operator", "rule".
std::string_view kind_of_actor(std::string_view actor) noexcept {
    return actor.substr(0, actor.find(':'));
}

json::object event_object(const RemovalEvent& event, bool for_operator) {
    return {
        {"time", time(for_operator ? event.time : hour_of(event.time))},
        {"state", text(to_string(event.state))},
        {"actor", text(for_operator ? std::string_view(event.actor) : kind_of_actor(event.actor))},
        {"why", text(event.why)}};
}

}  // namespace

json::object removal_object(const Removal& removal, RemovalView view) {
    const bool for_operator = view == RemovalView::Operator;
    const auto event = [&](const RemovalEvent& one) {
        return event_object(one, for_operator);
    };
    json::object out{{"list", text(removal.list)},
                     {"subject", text(to_string(removal.subject))},
                     {"proof", text(to_string(removal.proof))},
                     {"state", text(to_string(removal.state))},
                     {"ended", has_ended(removal.state)},
                     {"attested", removal.attested},
                     {"made", time(removal.made)},
                     {"changed", time(removal.changed)},
                     {"until", time(removal.until)},
                     {"due", time(removal.due)},
                     {"outcome", text_or_null(removal.outcome)},
                     {"checks", array_of(removal.checks, check_object)},
                     {"events", array_of(removal.events, event)}};
    if (view != RemovalView::Requester) {
        out["removal"] = removal.id;
        out["listing"] = number_or_null(removal.listing);
        out["provider"] = text_or_null(removal.provider);
    }
    if (for_operator) {
        out["helo"] = text_or_null(removal.helo);
        out["mail_domain"] = text_or_null(removal.mail_domain);
        out["statement"] = text_or_null(removal.statement);
    }
    return out;
}

}  // namespace fairlist::api
