#include "server/config/policy_check.h"

#include "server/config/cross_check.h"

#include <fmt/format.h>

#include <string>

namespace fairlist::config {

namespace {

void check_kind(CrossCheck& check, const ListSpec* list, const std::string& where) {
    if (list != nullptr && list->kind != ListKind::Address) {
        check.fault(where, fmt::format("{}: is of kind {}, but policies are of addresses",
                                       quote(list->name), to_string(list->kind)));
    }
}

// Ranges override wider ones: a list in which wider entries answer too would say both.
void check_match(CrossCheck& check, const ListSpec* list, const std::string& where) {
    if (list != nullptr && list->match != MatchRule::MostSpecific) {
        check.fault(where, fmt::format("{}: matches \"{}\", but of a policy the narrowest range "
                                       "counts: its list has to match \"{}\"",
                                       quote(list->name), to_string(list->match),
                                       to_string(MatchRule::MostSpecific)));
    }
}

}  // namespace

void check_policy_rules(const Config& config, const Node& root, Faults& faults) {
    CrossCheck check(config, root, faults);
    const PolicyRules& rules = config.policy;
    const ListSpec* list = check.find_list(rules.list, "policy.list");
    check_kind(check, list, "policy.list");
    check_match(check, list, "policy.list");
    if (list != nullptr) {
        check.check_code(list, to_string(rules.provider_code), "policy.provider_code");
        check.check_code(list, to_string(rules.operator_code), "policy.operator_code");
        check.check_code(list, to_string(rules.quarantine_code), "policy.quarantine_code");
    }
    const ListSpec* allow_list = check.find_list(rules.allow_list, "policy.allow_list");
    check_kind(check, allow_list, "policy.allow_list");
    check_match(check, allow_list, "policy.allow_list");
    if (!rules.list.empty() && rules.list == rules.allow_list) {
        check.fault("policy.allow_list",
                    fmt::format("{}: is the policy list, which says the contrary",
                                quote(rules.allow_list)));
    }
}

}  // namespace fairlist::config
