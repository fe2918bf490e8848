// Policy check: what [policy] must be to the lists.
#pragma once

#include "server/config/config.h"
#include "server/config/faults.h"
#include "server/config/node.h"

namespace fairlist::config {

// Adds a fault for each contradiction. `root` is what `config` was read from.
void check_policy_rules(const Config& config, const Node& root, Faults& faults);

}  // namespace fairlist::config
