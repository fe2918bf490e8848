// Removal settings: what the configuration gives to the removal worker.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/removal_desk.h"
#include "server/app/removal_worker.h"
#include "server/config/config.h"

namespace fairlist::app {

// Errors: those of the mail account (password file).
[[nodiscard]] Result<RemovalWorkerOptions> removal_worker_options(const config::Config& config,
                                                                  RemovalDeskOptions desk);

}  // namespace fairlist::app
