// Removal settings: what the configuration gives to the removal worker.
#pragma once

#include "listing/manager/removal_desk.h"
#include "server/app/removal_worker.h"
#include "server/config/config.h"

namespace fairlist::app {

[[nodiscard]] RemovalWorkerOptions removal_worker_options(const config::Config& config,
                                                          RemovalDeskOptions desk);

}  // namespace fairlist::app
