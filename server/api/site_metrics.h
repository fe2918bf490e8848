// Site metrics: what the store and the vault hold, for GET /v1/metrics.
#pragma once

#include "server/api/call.h"
#include "server/api/metrics.h"

#include <string>
#include <vector>

namespace fairlist::api {

// Labels are names of the configuration alone.
[[nodiscard]] std::vector<Metric> site_metrics(Call& call, const std::string& version);

}  // namespace fairlist::api
