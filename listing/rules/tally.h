// Tally: what the hits of a window weigh, against what a rule needs.
#pragma once

#include "listing/base/time.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/hit_window.h"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace fairlist::rules {

struct Tally {
    std::uint64_t hits = 0;
    std::uint64_t weight = 0;  // hundredths
    std::uint64_t traps = 0;   // different ones; a hit without a trap counts its sensor

    [[nodiscard]] bool reaches(const TrapRule& rule) const noexcept;
};

// Of the hits within the rule's window at `now`; others are passed over.
[[nodiscard]] Tally tally_of(const TrapRule& rule, std::span<const CountedHit> hits, Time now);

// Of hits that come newest first: those that are enough to decide by and to show as evidence. So a
// flood costs no more than what a rule asks for.
class Enough {
  public:
    explicit Enough(const TrapRule& rule) : rule_(rule) {}

    // Whether no further hit is needed after this one.
    [[nodiscard]] bool after(const CountedHit& hit);

  private:
    const TrapRule& rule_;
    Tally tally_;
    std::set<std::pair<std::uint32_t, std::string>> traps_;
};

// The newest hits that are enough; all when they are not. Oldest first, as they are.
[[nodiscard]] std::span<const CountedHit> newest_enough(const TrapRule& rule,
                                                        std::span<const CountedHit> hits);

// "3 hits of 2 traps in 1d, needed 3 of 2"; with the weight where that is not the number of hits.
[[nodiscard]] std::string to_step(const TrapRule& rule, const Tally& tally);

}  // namespace fairlist::rules
