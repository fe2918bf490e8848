// Report settings: what the configuration says to the worker that tells providers.
#pragma once

#include "server/app/report_worker.h"
#include "server/config/config.h"

namespace fairlist::app {

// Without the ledger's options, which whoever starts the worker has.
[[nodiscard]] ReportWorkerOptions report_options(const config::Config& config);

}  // namespace fairlist::app
