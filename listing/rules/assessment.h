// Assessment: from what was measured of a provider to its tier.
#pragma once

#include "listing/base/time.h"
#include "listing/model/standing.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::rules {

// Pure. Property: a better value of any input never gives a worse tier.
[[nodiscard]] Standing assess(const StandingRules& rules,
                              const std::array<Measure, kStandingInputs>& inputs, Tier before,
                              Time now);

// A line each: what was counted, the value, the thresholds, the points; and the tier.
[[nodiscard]] std::vector<std::string> to_lines(const StandingRules& rules,
                                                const Standing& standing);
// What would bring the next better tier: the points, and which inputs can give them. Empty: there
// is none.
[[nodiscard]] std::vector<std::string> way_up(const StandingRules& rules, const Standing& standing);

}  // namespace fairlist::rules
