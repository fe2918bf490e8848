// Validate: what the tables of a configuration must be to each other.
#pragma once

#include "server/config/config.h"
#include "server/config/faults.h"
#include "server/config/node.h"

namespace fairlist::config {

// Adds a fault for each contradiction. `root` is what `config` was read from: faults are placed by
// their path in it.
void validate(const Config& config, const Node& root, Faults& faults);

}  // namespace fairlist::config
