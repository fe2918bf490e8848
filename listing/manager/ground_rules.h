// GroundRules: a trap rule as it holds for a subject, by the standing of who holds its space.
#pragma once

#include "listing/manager/ground.h"
#include "listing/model/standing.h"
#include "listing/model/subject.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/adjustment.h"

namespace fairlist {

// The rule itself for names, and for addresses that nobody holds.
[[nodiscard]] rules::Adjusted rule_for(const TrapRule& rule, const Subject& subject,
                                       const Ground& ground, const StandingRules& standing);

}  // namespace fairlist
