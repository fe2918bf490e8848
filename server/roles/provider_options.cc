#include "server/roles/provider_options.h"

#include <cstdint>

namespace fairlist {

ProviderBookOptions provider_book_options(const config::Config& config) {
    ProviderBookOptions options;
    options.protected_space = ProtectedSpace(config.do_not_list, config.protected_exceptions);
    return options;
}

PolicyBookOptions policy_book_options(const config::Config& config) {
    constexpr std::uint64_t kMib = 1ULL << 20U;
    PolicyBookOptions options;
    options.lists = config.lists;
    options.rules = config.policy;
    options.protected_space = ProtectedSpace(config.do_not_list, config.protected_exceptions);
    options.journal.keep_bytes = config.store.journal_keep_mib * kMib;
    options.journal.keep_seconds = config.store.journal_keep_days * 86400;
    return options;
}

}  // namespace fairlist
