// Listing view: a listing with all that is said of it: answer, earlier ones, evidence, history.
#pragma once

#include "listing/manager/ledger.h"
#include "server/config/config.h"
#include "server/shown/shown_hit.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct ListingView {
    Listing listing;
    ReturnCode code;     // that it answers with; not set: its list is not in the configuration
    std::string reason;  // filled in, as TXT answers it
    std::string rule;    // as the configuration has it, in words; empty: none, or not there
    std::vector<Listing> earlier;  // of this subject in this list, newest first
    EvidenceSummary evidence;
    std::vector<ListingEvent> events;  // oldest first
};

inline constexpr std::size_t kEarlierMax = 20;

// What it answers as TXT, to who asks for its subject; of a list that is not there its own reason.
[[nodiscard]] std::string shown_reason(std::span<const ListSpec> lists, const Listing& listing);

[[nodiscard]] ListingView view_listing(Ledger& ledger, const config::Config& config,
                                       const Listing& listing);

// Whether it answers at this time, as far as the ledger says: exemptions aside.
[[nodiscard]] bool is_in_force(const Listing& listing, Time now) noexcept;

// The state in a word. "ended": its end has passed, and neither a sweep nor a hit has noted that.
[[nodiscard]] std::string_view state_word(const Listing& listing, Time now) noexcept;

// Whether the event says why the listing stands: it was noticed, opened or extended.
[[nodiscard]] bool explains_listing(const ListingEvent& event) noexcept;

}  // namespace fairlist
