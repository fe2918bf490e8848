// Tally: what the hits of a window weigh, against what a rule needs.
#pragma once

#include "listing/base/time.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/hit_window.h"

#include <cstdint>
#include <span>
#include <string>

namespace fairlist::rules {

struct Tally {
    std::uint64_t hits = 0;
    std::uint64_t weight = 0;  // hundredths
    std::uint64_t traps = 0;   // different ones; a hit without a trap counts its sensor

    [[nodiscard]] bool reaches(const TrapRule& rule) const noexcept;
};

// Of the hits within the rule's window at `now`; others are passed over.
[[nodiscard]] Tally tally_of(const TrapRule& rule, std::span<const CountedHit> hits, Time now);

// "3 hits of 2 traps in 1d, needed 3 of 2"; with the weight where that is not the number of hits.
[[nodiscard]] std::string to_step(const TrapRule& rule, const Tally& tally);

}  // namespace fairlist::rules
