// The daemon's log: standard error or a file, on spdlog's default logger.
#pragma once

#include "listing/base/result.h"
#include "server/config/config.h"

namespace fairlist::app {

// Before there is a configuration: to standard error.
void start_logging();

// Opens the file again, so that logrotate can move it away. Errors: Io; the log stays as it was.
[[nodiscard]] Result<void> configure_logging(const config::Config& config);

}  // namespace fairlist::app
