#include "listing/manager/standing_listings.h"

#include "listing/manager/ledger_query.h"
#include "listing/model/listing.h"
#include "listing/store/ledger_records.h"
#include "listing/store/records.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace fairlist {

using store::Cursor;
using store::Table;

namespace {

struct Moment {
    ListingState state = ListingState::Expired;
    Time until;
};

// As it was then; of one that has changed since its history tells. Nothing: it was not yet.
std::optional<Moment> moment_of(const store::Txn& txn, const Listing& listing, Time at) {
    if (listing.opened > at) {
        return std::nullopt;
    }
    if (listing.changed <= at) {
        return Moment{listing.state, listing.until};
    }
    std::optional<Moment> found;
    for (const ListingEvent& event : read_history(txn, listing.id)) {
        if (event.time <= at) {
            found = Moment{event.state, event.until};
        }
    }
    return found;
}

bool is_open(const Moment& moment, Time at) noexcept {
    return moment.state == ListingState::Open && (!moment.until.is_set() || moment.until > at);
}

// When it began to answer; not set: it never did, such as a notice that lapsed.
Time opened_at(const store::Txn& txn, const Listing& listing) {
    for (const ListingEvent& event : read_history(txn, listing.id)) {
        if (event.action == ListingAction::Opened) {
            return event.time;
        }
    }
    return {};
}

bool was_taken_out(ListingState state) noexcept {
    return state == ListingState::Removed || state == ListingState::Exempted;
}

}  // namespace

// A listing stands behind the one that it follows, so one pass sees both.
StandingListings::StandingListings(const store::Txn& txn, Time from, Time at) {
    std::vector<SpaceCover::Range> open;
    Cursor cursor(txn, Table::Listings);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        const std::uint64_t id = store::key_number(cursor.key()).value_or(0);
        const auto record = store::decode_listing(id, cursor.value());
        const auto* prefix = record ? std::get_if<Prefix>(&record->listing.subject) : nullptr;
        if (prefix == nullptr) {
            continue;
        }
        const Listing& listing = record->listing;
        const auto moment = moment_of(txn, listing, at);
        if (moment && is_open(*moment, at)) {
            open.push_back({*prefix, 0});
        }
        if (was_taken_out(listing.state) && listing.changed >= from && listing.changed <= at) {
            removed_.emplace(id, Removed{*prefix, listing.changed});
        }
        const auto before = removed_.find(listing.earlier);
        if (before != removed_.end() && !before->second.came_back) {
            const Time opened = opened_at(txn, listing);
            const Time time = before->second.time;
            before->second.came_back = opened.is_set() && opened <= at && opened >= time &&
                                       opened.seconds - time.seconds <= kRepeatSeconds;
        }
    }
    listed_ = SpaceCover(std::move(open));
}

std::vector<Measure> StandingListings::repeats(const SpaceCover& owners,
                                               std::size_t holders) const {
    std::vector<Measure> measures(holders);
    std::map<Prefix, bool> subjects;
    for (const auto& [id, removed] : removed_) {
        bool& came_back = subjects[removed.subject];
        came_back = came_back || removed.came_back;
    }
    for (const auto& [subject, came_back] : subjects) {
        if (const auto holder = owners.label(subject.base)) {
            ++measures[*holder].whole;
            measures[*holder].part += came_back ? 1U : 0U;
        }
    }
    return measures;
}

}  // namespace fairlist
