// Ledger query: reading listings for people: one, page by page, with history and evidence.
#pragma once

#include "listing/manager/ledger.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

[[nodiscard]] std::optional<Listing> read_listing(const store::Txn& txn, std::uint64_t id);
// In order of number. Errors: NotFound (an unknown list), Malformed (`after` is no token of ours).
[[nodiscard]] Result<ListingPage> page_listings(const store::Txn& txn, const ListingFilter& filter,
                                                std::string_view after, std::size_t limit);
[[nodiscard]] std::vector<ListingEvent> read_history(const store::Txn& txn, std::uint64_t id);
// Newest first.
[[nodiscard]] std::vector<StoredHit> read_evidence(const store::Txn& txn, std::uint64_t id,
                                                   std::size_t limit);

}  // namespace fairlist
