// ImportGuard: whether a new version of a feed is too different from the one in force to be
// applied without a person.
#pragma once

#include "importer/feed_spec.h"
#include "listing/manager/manager.h"

#include <string>

namespace fairlist::importer {

// Why the plan must be held; empty when it may be applied. A feed's first version may have any
// size, but not none.
[[nodiscard]] std::string hold_reason(const ImportPlan& plan, const GuardSpec& guard);

}  // namespace fairlist::importer
