#include "server/api/route_tables.h"

#include <utility>

namespace fairlist::api {

namespace {

// Their functions are the server's own: they answer as before, and get what is around every row.
Handle through(http::Handler handler) {
    return [handler = std::move(handler)](Call& call) -> Answer {
        http::Response response = handler(call.request, call.path);
        return Reply{.status = response.status,
                     .content_type = std::move(response.content_type),
                     .bytes = std::move(response.body),
                     .headers = std::move(response.headers)};
    };
}

}  // namespace

std::vector<ApiRoute> sensor_rows(http::SensorSink& sink) {
    std::vector<ApiRoute> rows;
    for (http::Route& route : http::sensor_routes(sink)) {
        const bool is_hits = route.pattern == "/v1/hits";
        rows.push_back({.method = route.method,
                        .pattern = route.pattern,
                        .roles = {http::Role::Machine},
                        .summary = is_hits ? "Takes what sensors saw, a JSON object a line"
                                           : "Takes an abuse report, XARF or ARF",
                        .statuses = {200},
                        .handle = through(std::move(route.handler)),
                        .answers = "Taken",
                        .takes = is_hits ? "Hits" : "AbuseReport",
                        .body_bytes_max = route.body_bytes_max});
    }
    return rows;
}

}  // namespace fairlist::api
