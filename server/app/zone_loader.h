// The zone table of a configuration, with only the zones that pass their self-check.
#pragma once

#include "listing/base/result.h"
#include "listing/store/environment.h"
#include "server/answer/zone_table.h"
#include "server/config/config.h"

#include <memory>

namespace fairlist::app {

// All zones as configured.
[[nodiscard]] answer::ZoneTableOptions zone_table_options(const config::Config& config);

// Logs the zones that are left out. Errors: a zone that does not compile, or none left to serve.
[[nodiscard]] Result<std::shared_ptr<const answer::ZoneTable>> load_zones(
    const config::Config& config, store::Environment& environment);

}  // namespace fairlist::app
