// RemovalDecision: whether a request is granted, by the list's rule, and why.
#pragma once

#include "listing/base/time.h"
#include "listing/model/removal.h"
#include "listing/model/standing.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairlist::rules {

struct RemovalSituation {
    ProofKind proof = ProofKind::Address;
    bool attested = false;
    TierEffect effect;      // of the holder's tier; of no provider: neutral's
    std::string tier_text;  // "standing good of example-cloud"; empty: no holder
    std::span<const Check> checks{};
    Time asked;
    Time last_hit;               // not set: none is known
    std::uint32_t earlier = 0;   // grants within the reset time
    Time last_granted;           // not set: never
    bool policy_permits = true;  // the holder's policy, or the holder himself grants it
    std::string policy_text;     // what it says
};

struct RemovalDecision {
    RemovalState state = RemovalState::Refused;  // Granted, Waiting, Refused, Operator
    Time until;                                  // of Waiting, and the end of the watch of Granted
    std::string outcome;                         // the rule, the figure seen, the figure needed
    std::vector<std::string> steps;
};

// The start of its hour; nobody is told more of a hit.
[[nodiscard]] Time hour_of(Time time) noexcept;
// When the quiet time after this hit is over. It counts from the end of the hit's hour, so that
// nothing tells more of the hit than its hour. Not set: there is none to wait for.
[[nodiscard]] Time quiet_from(const RemovalRule& rule, Time last_hit) noexcept;

// Pure. Property: with the same checks and hits, a longer quiet time, fewer earlier removals or a
// better tier never gives a worse outcome. Nothing in it tells of traps.
[[nodiscard]] RemovalDecision decide_removal(const RemovalRule& rule,
                                             const RemovalSituation& situation, Time now);

}  // namespace fairlist::rules
