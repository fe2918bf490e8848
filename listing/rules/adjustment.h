// Adjustment: a trap rule as the standing of the space's holder makes it.
#pragma once

#include "listing/model/standing.h"
#include "listing/model/trap_rule.h"

#include <string>
#include <vector>

namespace fairlist::rules {

struct Adjusted {
    TrapRule rule;
    // What standing changed, for the decision's record: "standing good of example-cloud: 6 hits
    // needed instead of 3". Empty: nothing.
    std::vector<std::string> steps;
};

// Of addresses only: callers adjust no rule for domains. Property: with the same hits, a better
// tier never gives a worse outcome (with effects that are in order).
[[nodiscard]] Adjusted adjust(const TrapRule& rule, const std::string& provider, Tier tier,
                              const TierEffect& effect);

// What the tier changes of the rule, for who looks at a standing.
[[nodiscard]] std::vector<std::string> to_lines(const TierEffect& effect);

}  // namespace fairlist::rules
