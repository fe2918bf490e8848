// Route tables: the rows of the API by what they are about.
#pragma once

#include "server/api/api_route.h"
#include "server/api/metrics.h"
#include "server/http/sensor_routes.h"

#include <functional>
#include <string>
#include <vector>

namespace fairlist::api {

// What rows need beside their call. Lifetime: of the service.
struct Surroundings {
    // Does what a second person has approved, as if the first one asked now.
    std::function<Answer(Call& call, const Approval& approval)> carry_out;
    std::function<std::string()> openapi;  // the document of all rows
    std::function<std::vector<Metric>()> metrics;
    std::string version;
};

[[nodiscard]] std::vector<ApiRoute> sensor_rows(http::SensorSink& sink);
[[nodiscard]] std::vector<ApiRoute> lookup_routes(const Surroundings& around);
[[nodiscard]] std::vector<ApiRoute> listing_routes();
[[nodiscard]] std::vector<ApiRoute> listing_change_routes();
[[nodiscard]] std::vector<ApiRoute> entry_routes();
[[nodiscard]] std::vector<ApiRoute> feed_routes();
[[nodiscard]] std::vector<ApiRoute> site_routes(const Surroundings& around);
[[nodiscard]] std::vector<ApiRoute> token_routes();
[[nodiscard]] std::vector<ApiRoute> approval_routes(const Surroundings& around);
[[nodiscard]] std::vector<ApiRoute> provider_routes();
[[nodiscard]] std::vector<ApiRoute> policy_routes();
[[nodiscard]] std::vector<ApiRoute> report_routes();
[[nodiscard]] std::vector<ApiRoute> standing_routes();
[[nodiscard]] std::vector<ApiRoute> removal_routes();

}  // namespace fairlist::api
