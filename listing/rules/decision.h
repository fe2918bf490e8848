// Decision: what a rule makes of the hits on one identity, and why, step by step.
#pragma once

#include "listing/base/time.h"
#include "listing/model/subject.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/accusation.h"
#include "listing/rules/border.h"
#include "listing/rules/hit_window.h"
#include "listing/rules/lifetime.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

struct Situation {
    // Oldest first; those outside the rule's window are passed over.
    std::span<const CountedHit> hits{};
    std::optional<Past> past{};          // of the identity itself
    std::optional<Past> border_past{};   // of the border, when that is wider than the identity
    std::uint32_t listed_in_border = 0;  // open listings in the border, this identity's left out
    std::string refusal{};               // why it may not be listed; empty: it may
    std::string border_refusal{};        // the same of the border: the identity alone is listed
    std::string border_step{};           // as find_border() says; empty: not told
};

struct Decision {
    Outcome outcome = Outcome::Wait;
    Subject subject;    // the identity, or the border that it widened to
    Time until;         // of Open and Extend; of Notice: when that lapses
    Time notice_until;  // of Notice
    std::uint32_t times = 1;
    std::vector<std::string> steps;  // each what was looked at, the figure seen and the one needed
};

// Pure. Property: more hits, of more traps, never give a milder outcome.
[[nodiscard]] Decision decide(const TrapRule& rule, const Subject& identity, const Subject& border,
                              const Situation& situation, Time now);

}  // namespace fairlist::rules
