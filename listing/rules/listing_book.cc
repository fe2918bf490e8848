#include "listing/rules/listing_book.h"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace fairlist::rules {

namespace {

ListingAction action_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::Notice:
            return ListingAction::Noticed;
        case Outcome::Extend:
            return ListingAction::Extended;
        default:
            return ListingAction::Opened;
    }
}

bool changes_nothing(Outcome outcome) noexcept {
    return outcome == Outcome::Wait || outcome == Outcome::Suspended || outcome == Outcome::Refuse;
}

std::string actor_of(const TrapRule& rule) {
    return "rule:" + rule.name;
}

// An extension rests on the hit that led to it: those before are in the events before.
ListingEvent event_of(const TrapRule& rule, Decision decision, const Evidence& evidence) {
    ListingEvent event;
    event.time = evidence.now;
    event.action = action_of(decision.outcome);
    event.actor = actor_of(rule);
    event.steps = std::move(decision.steps);
    event.hits = decision.outcome == Outcome::Extend ? std::vector{evidence.number}
                                                     : newest(evidence.in_window, kEventHitsMax);
    return event;
}

}  // namespace

void ListingBook::expire(Time now) {
    while (!ends_.empty() && ends_.top().first <= now) {
        const auto [time, index] = ends_.top();
        ends_.pop();
        SimulatedListing& ending = listings_[index];
        if (!has_ended(ending.listing.state) && ending.listing.until == time) {
            end(ending);
        }
    }
}

void ListingBook::end(SimulatedListing& ending) {
    Listing& listing = ending.listing;
    Slot& slot = lists_[listing.list][listing.subject];
    const bool was_listed = listing.state == ListingState::Open;
    slot.current = 0;
    if (!was_listed) {
        slot.latest = listing.earlier;
    } else {
        slot.ended = Past{ListingState::Expired, listing.until, listing.notice_until, listing.until,
                          listing.times};
    }
    listing.state = ListingState::Expired;
    ListingEvent event;
    event.time = listing.until;
    event.action = was_listed ? ListingAction::Expired : ListingAction::Lapsed;
    note(ending, std::move(event));
}

const ListingBook::Slot* ListingBook::find(const std::string& list, const Subject& subject) const {
    const auto slots = lists_.find(list);
    if (slots == lists_.end()) {
        return nullptr;
    }
    const auto slot = slots->second.find(subject);
    return slot == slots->second.end() ? nullptr : &slot->second;
}

std::optional<Past> ListingBook::past_of(const std::string& list, const Subject& subject) const {
    const Slot* slot = find(list, subject);
    if (slot == nullptr) {
        return std::nullopt;
    }
    if (slot->current == 0) {
        return slot->ended;
    }
    const Listing& listing = listings_[slot->current - 1].listing;
    return Past{listing.state, listing.until, listing.notice_until, {}, listing.times};
}

std::uint32_t ListingBook::open_within(const TrapRule& rule, const Prefix& border,
                                       const Subject& identity) const {
    const auto slots = lists_.find(rule.list);
    if (slots == lists_.end()) {
        return 0;
    }
    std::uint32_t open = 0;
    auto at = slots->second.upper_bound(border);
    for (; at != slots->second.end() && open < rule.escalate_count; ++at) {
        const auto* prefix = std::get_if<Prefix>(&at->first);
        if (prefix == nullptr || !border.contains(*prefix)) {
            break;
        }
        const std::size_t current = at->second.current;
        open +=
            static_cast<std::uint32_t>(at->first != identity && current != 0 &&
                                       listings_[current - 1].listing.state == ListingState::Open);
    }
    return open;
}

void ListingBook::start(const TrapRule& rule, const Subject& subject, Slot& slot,
                        const Evidence& evidence) {
    Listing listing;
    listing.id = listings_.size() + 1;
    listing.list = rule.list;
    listing.subject = subject;
    listing.opened_by = actor_of(rule);
    listing.rule = rule.name;
    listing.code = rule.code;
    listing.ttl_seconds = rule.ttl_seconds;
    listing.reason = rule.reason;
    listing.opened = evidence.now;
    listing.hits = evidence.in_window.size() - 1;  // without the one that change() counts
    listing.earlier = slot.latest;
    slot.latest = listing.id;
    slot.current = listings_.size() + 1;
    listings_.emplace_back(std::move(listing), std::vector<ListingEvent>());
}

bool ListingBook::apply(const TrapRule& rule, Decision decision, const Evidence& evidence) {
    if (changes_nothing(decision.outcome)) {
        count_hit(rule, decision.subject, evidence.now);
        return true;
    }
    Slot& slot = lists_[rule.list][decision.subject];
    if (slot.current == 0 && listings_.size() == kSimulatedListingsMax) {
        return false;
    }
    if (slot.current == 0) {
        start(rule, decision.subject, slot, evidence);
    }
    change(rule, std::move(decision), evidence, slot);
    return true;
}

void ListingBook::count_hit(const TrapRule& rule, const Subject& subject, Time now) {
    const Slot* slot = find(rule.list, subject);
    if (slot != nullptr && slot->current != 0) {
        Listing& listing = listings_[slot->current - 1].listing;
        ++listing.hits;
        listing.last_hit = now;
    }
}

void ListingBook::change(const TrapRule& rule, Decision decision, const Evidence& evidence,
                         Slot& slot) {
    SimulatedListing& changed = listings_[slot.current - 1];
    Listing& listing = changed.listing;
    ++listing.hits;
    listing.last_hit = evidence.now;
    if (decision.outcome != Outcome::Extend) {
        listing.state =
            decision.outcome == Outcome::Notice ? ListingState::Noticed : ListingState::Open;
        listing.notice_until = decision.notice_until;
    } else if (!is_worth_extending(listing.until, decision.until, evidence.now)) {
        return;
    }
    listing.times = decision.times;
    listing.until = decision.until;
    if (listing.until.is_set()) {
        ends_.emplace(listing.until, slot.current - 1);
    }
    note(changed, event_of(rule, std::move(decision), evidence));
}

void ListingBook::note(SimulatedListing& changed, ListingEvent event) {
    Listing& listing = changed.listing;
    event.state = listing.state;
    event.until = listing.until;
    listing.changed = event.time;
    ++listing.events;
    if (changed.events.size() == kSimulatedEventsMax) {
        changed.events.back() = std::move(event);
    } else {
        changed.events.push_back(std::move(event));
    }
}

std::vector<SimulatedListing> ListingBook::take() {
    lists_.clear();
    ends_ = {};
    return std::exchange(listings_, {});
}

}  // namespace fairlist::rules
