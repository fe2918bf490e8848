// Rule check: what trap rules must be to the lists and to each other.
#pragma once

#include "server/config/config.h"
#include "server/config/faults.h"
#include "server/config/node.h"

namespace fairlist::config {

// Adds a fault for each contradiction. `root` is what `config` was read from.
void check_rules(const Config& config, const Node& root, Faults& faults);

}  // namespace fairlist::config
