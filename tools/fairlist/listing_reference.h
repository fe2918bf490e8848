// Listing reference: listings as a person names them: by number, or by subject.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "listing/model/list.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

// "12", "listing:12"; nothing when the text is neither. Errors: Malformed (what follows the colon
// is no number from 1 on).
[[nodiscard]] Result<std::optional<std::uint64_t>> parse_listing_number(std::string_view text);

struct ListingQuery {
    const std::vector<ListSpec>& lists;
    std::string list;  // only in this one; empty: in all
};

// A number's listing; a subject's latest listing in each list. Where a subject has none, of an IPv6
// address its /64 is meant, and of a name the name with all below it: so rules list them. Never
// empty. Errors: Malformed, NotFound, Conflict (a number's listing is in another list).
[[nodiscard]] Result<std::vector<Listing>> find_listings(Ledger& ledger, const ListingQuery& query,
                                                         std::string_view text);

// The one that a change is meant for: the only one that has not ended, else the newest. Errors: as
// above, and Conflict (several have not ended).
[[nodiscard]] Result<Listing> find_listing(Ledger& ledger, const ListingQuery& query,
                                           std::string_view text);

}  // namespace fairlist::cli
