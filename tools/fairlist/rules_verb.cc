#include "listing/manager/ground_rules.h"
#include "listing/manager/rules_text.h"
#include "server/shown/json_values.h"
#include "tools/fairlist/ledger_verbs.h"
#include "tools/fairlist/rules_trial.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

namespace json = boost::json;

std::string rules_in_force_json(const config::Config& config, bool on_record) {
    using namespace json_values;
    const auto make = [](const TrapRule& rule) {
        return json::object{
            {"name", text(rule.name)}, {"list", text(rule.list)}, {"text", text(rule_text(rule))}};
    };
    return document(json::object{{"rules", array_of(config.rules, make)},
                                 {"space", config.space.size()},
                                 {"on_record", on_record}});
}

std::string rules_in_force_text(const config::Config& config, bool on_record) {
    std::string text;
    for (const TrapRule& rule : config.rules) {
        text += printable(rule_text(rule)) + "\n";
    }
    return text + fmt::format("{}, {} of space; {}\n", counted(config.rules.size(), "rule"),
                              counted(config.space.size(), "range"),
                              on_record ? "the store has them on record"
                                        : "not on record yet: the next program that opens the "
                                          "store to write puts them there");
}

// "30d" before now, or a time.
Result<Time> since_of(const std::string& text, Time now) {
    if (const auto seconds = parse_duration(text)) {
        return Time{now.seconds - std::min(now.seconds, *seconds)};
    }
    const auto time = parse_time(text);
    if (!time) {
        return fail(Errc::Malformed,
                    fmt::format("--since: \"{}\": expected a duration such as 30d, or a time such "
                                "as 2026-11-01",
                                text));
    }
    return time;
}

}  // namespace

ExitStatus run_rules_show(Session& session) {
    const auto ledger = session.ledger_reader();
    if (!ledger) {
        return session.report(ledger.error());
    }
    const config::Config& config = **session.config();
    const bool on_record = (*ledger)->noted_rules() == rules_text(config.rules);
    print(session.json() ? rules_in_force_json(config, on_record)
                         : rules_in_force_text(config, on_record));
    return ExitStatus::Done;
}

ExitStatus run_rules_trial(Session& session, const RulesTrialOptions& options) {
    const Time at = now();
    const auto since = since_of(options.since, at);
    if (!since) {
        return session.report(since.error(), ExitStatus::Usage);
    }
    const auto ledger = session.ledger_reader();
    if (!ledger) {
        return session.report(ledger.error());
    }
    const config::Config& config = **session.config();
    config::Loaded other;
    if (!options.file.empty()) {
        other = config::load(options.file);
        if (!other.faults.empty()) {
            const Error error{Errc::Malformed,
                              fmt::format("{} in {}; nothing was tried",
                                          counted(other.faults.size(), "fault"), options.file)};
            return session.report(error, other.faults, ExitStatus::Failed);
        }
    }
    const config::Config& tried = options.file.empty() ? config : other.config;
    // With rules of another file, its space; whose addresses are whose is the store's.
    const std::shared_ptr<const Ground> ground = (*ledger)->ground();
    const AddressSpace own_space(tried.space);
    const AddressSpace& space = options.file.empty() ? ground->space : own_space;
    const auto adjust = [&](const TrapRule& rule, const Subject& identity) {
        return rule_for(rule, identity, *ground, tried.standing);
    };
    const auto trial = try_rules(**ledger, {config.lists, tried.rules, space, *since, at, adjust});
    if (!trial) {
        return session.report(trial.error());
    }
    print(session.json() ? trial_json(*trial) : trial_text(*trial));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
