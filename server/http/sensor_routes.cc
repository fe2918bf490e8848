#include "server/http/sensor_routes.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace fairlist::http {

namespace {

namespace json = boost::json;

constexpr std::uint32_t kRetrySeconds = 10;

constexpr std::array<std::string_view, 3> kHitTypes = {"application/x-ndjson", "application/jsonl",
                                                       "application/json"};
constexpr std::array<std::string_view, 2> kReportTypes = {"application/json", "message/rfc822"};

Response json_answer(const json::object& document) {
    return {.status = 200,
            .content_type = "application/json",
            .body = json::serialize(document) + "\n",
            .headers = {}};
}

Response answer(const Result<Taken>& taken) {
    if (!taken) {
        return problem_of(taken.error(), kRetrySeconds);
    }
    json::array refused;
    const std::size_t shown = std::min(taken->refused.size(), kLineFaultsShown);
    for (std::size_t i = 0; i < shown; ++i) {
        const LineFault& fault = taken->refused[i];
        refused.push_back(json::object{{"line", fault.line}, {"why", plain_text(fault.why)}});
    }
    return json_answer({{"accepted", taken->accepted},
                        {"duplicates", taken->duplicates},
                        {"refused", std::move(refused)},
                        {"refused_total", taken->refused.size()}});
}

// Nothing when the request can be shown to the sink.
template <std::size_t N>
std::optional<Response> check(const Request& request, const std::string& type,
                              const std::array<std::string_view, N>& types,
                              std::string_view accept) {
    if (std::ranges::find(types, type) == types.end()) {
        Response response = problem(415, "the content type is none of " + std::string(accept));
        // RFC 9110 section 12.5.1: what a POST may send next time.
        response.headers.emplace_back("Accept", std::string(accept));
        return response;
    }
    if (request.body.empty()) {
        return problem(400, "the request has no body");
    }
    return std::nullopt;
}

Response hits(SensorSink& sink, const Request& request) {
    const std::string type = media_type(request.content_type);
    if (auto refusal = check(request, type, kHitTypes,
                             "application/x-ndjson, application/jsonl, application/json")) {
        return *std::move(refusal);
    }
    return answer(sink.take_hits(request.principal.value(), request.body));
}

Response report(SensorSink& sink, const Request& request) {
    const std::string type = media_type(request.content_type);
    if (auto refusal = check(request, type, kReportTypes, "application/json, message/rfc822")) {
        return *std::move(refusal);
    }
    return answer(sink.take_report(request.principal.value(), type, request.body));
}

}  // namespace

std::string media_type(std::string_view content_type) {
    content_type = content_type.substr(0, content_type.find(';'));
    content_type.remove_prefix(
        std::min(content_type.find_first_not_of(" \t"), content_type.size()));
    content_type = content_type.substr(0, content_type.find_last_not_of(" \t") + 1);
    std::string out(content_type);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

std::vector<Route> sensor_routes(SensorSink& sink) {
    return {
        {.method = Method::Post,
         .pattern = "/v1/hits",
         .roles = Role::Machine,
         .body_bytes_max = kHitsBytesMax,
         .handler =
             [&sink](const Request& request, const PathValues&) {
                 return hits(sink, request);
             }},
        {.method = Method::Post,
         .pattern = "/v1/reports",
         .roles = Role::Machine,
         .body_bytes_max = kReportBytesMax,
         .handler =
             [&sink](const Request& request, const PathValues&) {
                 return report(sink, request);
             }},
    };
}

Route health_route() {
    return {.method = Method::Get,
            .pattern = "/v1/health",
            .roles = Role::Public,
            .body_bytes_max = 0,
            .handler = [](const Request&, const PathValues&) {
                return json_answer({{"status", "ok"}});
            }};
}

}  // namespace fairlist::http
