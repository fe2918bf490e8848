#include "server/roles/ledger_options.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace fairlist {

LedgerOptions ledger_options(const config::Config& config) {
    constexpr std::uint64_t kMib = 1ULL << 20U;
    LedgerOptions options;
    options.lists = config.lists;
    options.rules = config.rules;
    options.space = AddressSpace(config.space);
    options.policy = config.policy;
    options.standing = config.standing;
    options.keep_hits_seconds = config.trap.keep_hits_seconds;
    options.protected_space = ProtectedSpace(config.do_not_list, config.protected_exceptions);
    options.report_wait_seconds =
        config.reports.enabled ? std::optional(config.reports.rules.batch_seconds) : std::nullopt;
    options.known_good = config.trap.known_good;
    for (const std::string& text : config.trap.do_not_list_domains) {
        if (auto name = parse_domain(text)) {
            options.do_not_list_domains.push_back(std::move(*name));
        }
    }
    options.journal.keep_bytes = config.store.journal_keep_mib * kMib;
    options.journal.keep_seconds = config.store.journal_keep_days * 86400;
    return options;
}

}  // namespace fairlist
