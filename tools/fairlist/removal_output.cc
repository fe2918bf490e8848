#include "tools/fairlist/removal_output.h"

#include "server/shown/json_values.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <string_view>

namespace fairlist::cli {

namespace {

namespace json = boost::json;
using namespace json_values;

// When it goes on by itself; of an operator's when the answer is due.
Time next_of(const Removal& removal) {
    return removal.state == RemovalState::Operator ? removal.due : removal.until;
}

json::object check_object(const Check& check) {
    return {{"check", text(to_string(check.kind))},
            {"result", text(to_string(check.result))},
            {"seen", text_or_null(check.seen)},
            {"remedy", text_or_null(check.remedy)}};
}

std::string checks_text(const std::vector<Check>& checks, std::string_view indent) {
    std::string out;
    for (const Check& check : checks) {
        const std::string line = fmt::format("{}{:<16}  {:<9}  {}", indent, to_string(check.kind),
                                             to_string(check.result), check.seen);
        out += printable(line) + "\n";
        if (!check.remedy.empty()) {
            out += printable(fmt::format("{}{:<16}  remedy: {}", indent, "", check.remedy)) + "\n";
        }
    }
    return out;
}

json::object event_object(const RemovalEvent& event) {
    return {{"time", time(event.time)},
            {"state", text(to_string(event.state))},
            {"actor", text(event.actor)},
            {"why", text_or_null(event.why)}};
}

json::object removal_object(const Removal& removal) {
    return {{"number", number_or_null(removal.id)},
            {"list", text(removal.list)},
            {"subject", text(to_string(removal.subject))},
            {"listing", number_or_null(removal.listing)},
            {"provider", text_or_null(removal.provider)},
            {"proof", text(to_string(removal.proof))},
            {"attested", removal.attested},
            {"state", text(to_string(removal.state))},
            {"outcome", text_or_null(removal.outcome)},
            {"made", time(removal.made)},
            {"changed", time(removal.changed)},
            {"until", time(removal.until)},
            {"due", time(removal.due)},
            {"earlier", removal.step},
            {"helo", text_or_null(removal.helo)},
            {"domain", text_or_null(removal.mail_domain)},
            {"statement", text_or_null(removal.statement)},
            {"checks", array_of(removal.checks, check_object)},
            {"events", array_of(removal.events, event_object)}};
}

}  // namespace

std::string removals_text(const std::vector<Removal>& removals) {
    Table table({{"NUMBER", true}, {"STATE"}, {"LIST"}, {"SUBJECT"}, {"MADE"}, {"NEXT"}});
    for (const Removal& removal : removals) {
        table.add({fmt::format("{}", removal.id), std::string(to_string(removal.state)),
                   removal.list, to_string(removal.subject), to_string(removal.made),
                   to_string(next_of(removal))});
    }
    return table.text();
}

std::string removal_text(const Removal& removal) {
    std::string out;
    const auto add = [&](const std::string& line) {
        out += printable(line) + "\n";
    };
    add(fmt::format("{} from {}: {}", to_string(removal.subject), removal.list,
                    to_string(removal.state)));
    if (!removal.outcome.empty()) {
        add("  " + removal.outcome);
    }
    if (const Time next = next_of(removal); next.is_set()) {
        add((removal.state == RemovalState::Granted ? "  watched until " : "  goes on at ") +
            to_string(next));
    }
    out += checks_text(removal.checks, "  ");
    for (const RemovalEvent& event : removal.events) {
        add(fmt::format("  {}  {:<9}  {}  {}", to_string(event.time), to_string(event.state),
                        event.actor, event.why));
    }
    return out;
}

std::string removal_json(const Removal& removal) {
    return document(removal_object(removal));
}

std::string removal_page_json(const RemovalPage& page) {
    return document(json::object{{"removals", array_of(page.removals, removal_object)},
                                 {"next", text_or_null(page.next)}});
}

std::string opened_removals_json(const std::vector<OpenedRemoval>& opened) {
    return document(json::object{{"removals", array_of(opened, [](const OpenedRemoval& one) {
                                      json::object out = removal_object(one.removal);
                                      out["key"] = text_or_null(one.key);
                                      out["challenge"] = text_or_null(one.challenge);
                                      return out;
                                  })}});
}

std::string attested_json(const std::vector<RemovalDesk::Attested>& attested) {
    return document(
        json::object{{"attested", array_of(attested, [](const RemovalDesk::Attested& one) {
                          json::object out{{"listing", one.listing},
                                           {"list", text(one.list)},
                                           {"subject", text(to_string(one.subject))}};
                          if (one.result) {
                              out["removal"] = removal_object(*one.result);
                          } else {
                              out["error"] = error_object(one.result.error());
                          }
                          return out;
                      })}});
}

std::string removal_count_json(std::uint64_t changed) {
    return document(json::object{{"changed", changed}});
}

std::string findings_text(const PartyFindings& findings) {
    std::string out = checks_text(findings.checks, "");
    if (!findings.challenge_seen.empty()) {
        out += printable("challenge: " + findings.challenge_seen) + "\n";
    }
    return out;
}

std::string findings_json(const Address& address, const PartyFindings& findings) {
    return document(json::object{{"address", text(to_string(address))},
                                 {"name", text_or_null(findings.ptr_name)},
                                 {"domain", text_or_null(findings.ptr_domain)},
                                 {"challenge", text_or_null(findings.challenge_seen)},
                                 {"checks", array_of(findings.checks, check_object)}});
}

}  // namespace fairlist::cli
