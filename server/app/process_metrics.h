// Process metrics: what this process counts itself, for GET /v1/metrics.
#pragma once

#include "server/api/metrics.h"
#include "server/http/http_counters.h"
#include "server/net/counters.h"

#include <vector>

namespace fairlist::app {

[[nodiscard]] std::vector<api::Metric> http_metrics(const http::HttpCounters& counters);
[[nodiscard]] std::vector<api::Metric> dns_metrics(const net::CounterTotals& totals);

}  // namespace fairlist::app
