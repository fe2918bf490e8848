// RbldnsdScope: what the "$" lines of rbldnsd's files set for the entries of a data set.
#pragma once

#include "importer/formats/rbldnsd_text.h"
#include "importer/formats/zone_facts.h"
#include "listing/base/result.h"
#include "listing/base/time.h"

#include <cstdint>
#include <string_view>

namespace fairlist::importer {

struct RbldnsdScope {
    RbldnsdVariables variables;
    std::uint32_t ttl_seconds = 0;              // 0: not set
    Time data_end;                              // the end that $TIMESTAMP gives; not set: none
    std::uint64_t addresses_max = 1ULL << 32U;  // of one IPv4 entry ($MAXRANGE4)

    // rbldnsd applies a "$" line to the whole data set, also to the entries above it. They have
    // been handed on already, so such a line is refused when it would have changed them.
    bool has_entries = false;
    unsigned unresolved = 0;  // bit n: an entry named $n, which had no value
};

// Whether a line is special; then `special` is what follows the "$".
[[nodiscard]] bool is_rbldnsd_special(std::string_view trimmed_line, std::string_view& special);

// Applies any special but $DATASET. Errc::Refused: the whole file must not be used ($TIMESTAMP).
[[nodiscard]] Result<void> apply_rbldnsd_special(std::string_view special, Time now,
                                                 RbldnsdScope& scope, ZoneFacts& facts);

}  // namespace fairlist::importer
