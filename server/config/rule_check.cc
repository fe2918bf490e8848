#include "server/config/rule_check.h"

#include "listing/base/time.h"
#include "server/config/cross_check.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlist::config {

namespace {

// What of a hit the rule lists, as the key "target" says it.
std::string_view word_of(RuleTarget target) noexcept {
    switch (target) {
        case RuleTarget::Address:
            return "address";
        case RuleTarget::Signer:
            return "signer";
        case RuleTarget::Links:
            return "links";
    }
    return "?";
}

// The kinds of lists that take it, in words.
std::string_view kinds_for(RuleTarget target) noexcept {
    switch (target) {
        case RuleTarget::Address:
            return "address";
        case RuleTarget::Signer:
            return "domain";
        case RuleTarget::Links:
            return "domain or address";
    }
    return "?";
}

bool takes(ListKind kind, RuleTarget target) noexcept {
    switch (target) {
        case RuleTarget::Address:
            return kind == ListKind::Address;
        case RuleTarget::Signer:
            return kind == ListKind::Domain;
        case RuleTarget::Links:
            return kind != ListKind::Hash;
    }
    return false;
}

void check_list(CrossCheck& check, const TrapRule& rule, const std::string& where) {
    const ListSpec* list = check.find_list(rule.list, where + ".list");
    check.check_code(list, rule.code.is_set() ? to_string(rule.code) : "", where + ".code");
    if (list == nullptr) {
        return;
    }
    if (!takes(list->kind, rule.target)) {
        check.fault(where + ".list",
                    fmt::format("{}: is of kind {}, but target \"{}\" needs a list of kind {}",
                                quote(rule.list), to_string(list->kind), word_of(rule.target),
                                kinds_for(rule.target)));
    } else if (list->kind == ListKind::Domain && rule.escalate_count != 0) {
        check.fault(where + ".escalate",
                    fmt::format("{}: list {} is of kind domain, and a domain has no border to "
                                "widen to",
                                rule.escalate_count, quote(rule.list)));
    }
}

void check_window(CrossCheck& check, const TrapRule& rule, const std::string& where) {
    const std::uint32_t kept = check.config().trap.keep_hits_seconds;
    if (rule.window_seconds > kept) {
        check.fault(where + ".window",
                    fmt::format("{}: longer than hits are kept, trap.keep_hits is {}",
                                format_duration(rule.window_seconds), format_duration(kept)));
    }
}

}  // namespace

void check_rules(const Config& config, const Node& root, Faults& faults) {
    CrossCheck check(config, root, faults);
    check.check_unique("rule", config.rules, [](const TrapRule& rule) { return rule.name; });
    for (std::size_t i = 0; i < config.rules.size(); ++i) {
        const std::string where = fmt::format("rule[{}]", i);
        check_list(check, config.rules[i], where);
        check_window(check, config.rules[i], where);
    }
    if (config.rules.size() > kTrapRulesMax) {
        check.fault(fmt::format("rule[{}]", kTrapRulesMax),
                    fmt::format("{} rules, the limit is {}", config.rules.size(), kTrapRulesMax));
    }
}

}  // namespace fairlist::config
