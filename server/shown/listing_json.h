// Listing JSON: the shapes of listings and their evidence, as fairlist(1) documents them.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "server/shown/listing_view.h"
#include "server/shown/shown_hit.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace fairlist {

// What became of one listing that a verb was given.
struct ListingOutcome {
    std::string asked;
    std::string where;   // "stdin:3"; empty: an argument
    std::string change;  // "opened", "extended", "suspended" and so on; empty: failed
    std::optional<Listing> listing;
    std::optional<Error> error;
};

// A listing with all of its events, and maybe its evidence.
struct ListingHistory {
    Listing listing;
    std::vector<ListingEvent> events;
    std::vector<ShownHit> hits;
};

[[nodiscard]] boost::json::object listing_object(const Listing& listing, Time now);
[[nodiscard]] boost::json::object event_object(const ListingEvent& event);
[[nodiscard]] boost::json::object hit_object(const ShownHit& hit);
// With its answer, the earlier ones, its evidence and its events.
[[nodiscard]] boost::json::object view_object(const ListingView& view, Time now);

// Each is one document and a line feed.
[[nodiscard]] std::string listings_json(const ListingPage& page, Time now);
[[nodiscard]] std::string listing_views_json(const std::vector<ListingView>& views, Time now);
[[nodiscard]] std::string listing_outcomes_json(const std::vector<ListingOutcome>& outcomes,
                                                Time now);
[[nodiscard]] std::string histories_json(const std::vector<ListingHistory>& histories, Time now);
// With the hits, and only the events that explain the listing.
[[nodiscard]] std::string listing_explanations_json(const std::vector<ListingHistory>& histories,
                                                    Time now);
[[nodiscard]] std::string hits_json(const std::vector<ShownHit>& hits);

}  // namespace fairlist
