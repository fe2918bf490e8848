// SensorRoutes: where machines send hits and reports.
#pragma once

#include "listing/base/result.h"
#include "server/http/access.h"
#include "server/http/problem.h"
#include "server/http/router.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairlist::http {

struct Taken {
    std::uint64_t accepted = 0;
    std::uint64_t duplicates = 0;
    std::vector<LineFault> refused;
};

// What takes in what machines send. Thread: several workers call it at the same time. May throw
// when its store is broken: 503, and the machine sends again.
class SensorSink {
  public:
    virtual ~SensorSink() = default;
    // Durable when it returns. Errors: Malformed (nothing taken), Io (503). No text of either
    // quotes the input.
    virtual Result<Taken> take_hits(const Principal& sensor, std::string_view lines) = 0;
    // `content_type` is "application/json" (XARF) or "message/rfc822" (ARF), without parameters.
    virtual Result<Taken> take_report(const Principal& sensor, std::string_view content_type,
                                      std::string_view body) = 0;
};

inline constexpr std::size_t kHitsBytesMax = kBodyBytesMaxDefault;
inline constexpr std::size_t kReportBytesMax = kBodyBytesMaxDefault;

// POST /v1/hits: application/x-ndjson, application/jsonl or application/json, one object a line.
// POST /v1/reports: application/json or message/rfc822.
// Both answer 200 with {"accepted", "duplicates", "refused": [{"line", "why"}], "refused_total"}:
// the first kLineFaultsShown refusals are told, and all are counted.
// Lifetime: the sink outlives the routes.
[[nodiscard]] std::vector<Route> sensor_routes(SensorSink& sink);

// GET /v1/health: {"status":"ok"} from a worker, so that a stuck pool shows.
[[nodiscard]] Route health_route();

// The media type of a Content-Type field without its parameters, in lower case.
[[nodiscard]] std::string media_type(std::string_view content_type);

}  // namespace fairlist::http
