// Listing: an entry with a life: who opened it and why, until when, what became of it.
#pragma once

#include "listing/base/time.h"
#include "listing/model/entry.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class ListingState : std::uint8_t {
    Noticed = 1,    // its owner was told: nothing answers yet
    Open = 2,       // answers
    Suspended = 3,  // by an operator: answers nothing until resumed
    Expired = 4,    // ended by itself; as the next two never opened again: a new listing follows
    Removed = 5,    // ended by request or by an operator
    Exempted = 6    // ended, and an exemption keeps the subject out
};

[[nodiscard]] std::string_view to_string(ListingState state) noexcept;
[[nodiscard]] constexpr bool has_ended(ListingState state) noexcept {
    return state >= ListingState::Expired;
}

// Whether the life of a listing may go on so (listing.md, "Life of a listing").
[[nodiscard]] bool may_become(ListingState from, ListingState to) noexcept;

// These numbers are on disk (FORMAT.md): never reuse one.
enum class ListingAction : std::uint8_t {
    Noticed = 1,
    Opened = 2,
    Extended = 3,
    Suspended = 4,
    Resumed = 5,
    Expired = 6,
    Removed = 7,
    Exempted = 8,
    Lapsed = 9  // a notice after which no hit came
};

[[nodiscard]] std::string_view to_string(ListingAction action) noexcept;

struct ListingEvent {
    Time time;
    ListingAction action = ListingAction::Opened;
    ListingState state = ListingState::Open;  // after it
    Time until;                               // after it
    std::string actor;                        // "rule:css", "operator:anna"
    std::string why;
    std::vector<std::string> steps;  // of a rule: what it looked at and decided, in words
    std::vector<std::uint64_t>
        hits;  // evidence: numbers of hits, newest first, at most kEventHitsMax
};

inline constexpr std::size_t kEventHitsMax = 100;
inline constexpr std::size_t kEventStepsMax = 40;

struct Listing {
    std::uint64_t id = 0;  // from 1, never given twice
    std::string list;
    Subject subject;
    ListingState state = ListingState::Open;
    Time opened;   // of a notice: when it was given
    Time changed;  // the last event
    Time until;    // of a notice: when it lapses; not set: stays
    Time notice_until;
    std::string opened_by;  // the actor
    std::string rule;       // the trap rule's name; empty: none
    ReturnCode code;        // not set: the list's
    std::uint32_t ttl_seconds = 0;
    std::string reason;         // template; empty: the list's
    std::uint64_t earlier = 0;  // the listing of this subject in this list before it; 0: none
    std::uint32_t times = 1;    // 1: the first since the last quiet time
    std::uint64_t hits = 0;     // that were counted for it
    Time last_hit;
    std::uint32_t asn = 0;     // of its addresses when it was opened; 0: not known
    std::uint32_t events = 0;  // in its history
};

// What its entry in the index says of its beginning and end, and so everybody who asks. Of a rule's
// listing no more than the hour of a hit, which a sender could look up in its logs to find the
// trap.
[[nodiscard]] Time shown_since(const Listing& listing) noexcept;
[[nodiscard]] Time shown_until(const Listing& listing) noexcept;

// The source under which entries of listings stand in the index; feeds and people cannot use it.
inline constexpr std::string_view kListingSource = "listing";

}  // namespace fairlist
