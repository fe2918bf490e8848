// Decision: what a rule makes of the hits on one identity, and why, step by step.
#pragma once

#include "listing/base/time.h"
#include "listing/model/hit.h"
#include "listing/model/list.h"
#include "listing/model/listing.h"
#include "listing/model/space.h"
#include "listing/model/trap_rule.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairlist::rules {

enum class Outcome : std::uint8_t {
    Wait,       // the thresholds are not reached
    Notice,     // reached: its owner is told first
    Open,       // list it
    Extend,     // it is listed: until later
    Suspended,  // an operator has suspended the listing: nothing changes
    Refuse      // it may not be listed: protected space, do-not-list, exemption
};

// Stable: scripts read them.
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

// A hit within the rule's window that counts for the identity. Oldest first.
struct CountedHit {
    std::uint64_t number = 0;
    Time time;
    std::uint32_t trap = 0;
    std::uint16_t weight = kHitWeightOne;
    std::string sensor;
};

// What the ledger knows of a subject in the rule's list.
struct Past {
    ListingState state = ListingState::Expired;  // of the latest listing
    Time until;
    Time notice_until;
    Time ended;               // of one that has ended
    std::uint32_t times = 0;  // as the latest listing's
};

struct Situation {
    std::span<const CountedHit> hits;
    std::optional<Past> past;         // of the identity itself
    std::optional<Past> border_past;  // of the border, when that is wider than the identity
    std::uint32_t listed_in_border =
        0;                // open listings inside the border, this identity's left out
    std::string refusal;  // why it may not be listed; empty: it may
};

struct Decision {
    Outcome outcome = Outcome::Wait;
    Subject subject;    // the identity, or the border that it widened to
    Time until;         // of Open and Extend; of Notice: when that lapses
    Time notice_until;  // of Notice
    std::uint32_t times = 1;
    std::vector<std::string> steps;  // each what was looked at, the figure seen and the one needed
};

// The border of an identity under a rule: the assignment that holds it, else as the rule says;
// never narrower than the identity. Of domains: itself.
[[nodiscard]] Subject border_of(const TrapRule& rule, const AddressSpace& space,
                                const Subject& identity);

// Pure. Property: more hits, of more traps, never give a milder outcome.
[[nodiscard]] Decision decide(const TrapRule& rule, const Subject& identity, const Subject& border,
                              const Situation& situation, Time now);

// The identities of the hit that the rule counts; none for a hit of another kind. In shared space a
// hit with a customer's signature counts for the signer and not for the address.
struct Accusation {
    std::vector<Subject> identities;
    std::string step;  // why these, or why none
};
[[nodiscard]] Accusation accuse(const TrapRule& rule, ListKind list_kind, const AddressSpace& space,
                                const Hit& hit);

}  // namespace fairlist::rules
