// Listing text: listings, their histories and their evidence in plain words.
#pragma once

#include "listing/manager/ledger.h"
#include "server/shown/listing_view.h"
#include "server/shown/shown_hit.h"

#include <span>
#include <string>
#include <vector>

namespace fairlist::cli {

[[nodiscard]] std::string listings_table(const std::vector<Listing>& listings, Time now);

// "listing 12: open, by rule css, 2nd time; ends by itself at ..., at once with ...". No line end.
[[nodiscard]] std::string listing_line(const Listing& listing, Time now);

// Everything of `fairlist listing show`.
[[nodiscard]] std::string listing_text(const ListingView& view, Time now);

// Every event in full, below a headline.
[[nodiscard]] std::string history_text(const Listing& listing, std::span<const ListingEvent> events,
                                       Time now);

// Why it was opened and extended, step by step, and what each hit of its evidence says.
[[nodiscard]] std::string listing_explanation(const Listing& listing,
                                              std::span<const ListingEvent> events,
                                              std::span<const ShownHit> hits, Time now);

[[nodiscard]] std::string hit_text(const ShownHit& hit);

}  // namespace fairlist::cli
