#include "server/roles/removal_options.h"

#include <utility>

namespace fairlist {

RemovalDeskOptions removal_desk_options(const config::Config& config, LedgerOptions ledger) {
    RemovalDeskOptions options;
    options.ledger = std::move(ledger);
    options.standing = config.standing;
    options.rules = config.removal_rules;
    if (!config.policy.list.empty() && !options.rules.contains(config.policy.list)) {
        RemovalRule rule;
        rule.mode = RemovalMode::Exemption;
        rule.needed = {CheckKind::Ptr, CheckKind::Confirmed, CheckKind::NotGeneric};
        options.rules.emplace(config.policy.list, std::move(rule));
    }
    const config::Removals& removals = config.removals;
    options.proof_seconds = removals.proof_seconds;
    options.operator_seconds = removals.operator_seconds;
    options.per_address_day = removals.per_address_day;
    options.per_network_day = removals.per_network_day;
    options.per_subject_day = removals.per_subject_day;
    options.mails_per_domain_day = removals.mails_per_domain_day;
    options.keep_requester_seconds = removals.keep_requester_seconds;
    return options;
}

}  // namespace fairlist
