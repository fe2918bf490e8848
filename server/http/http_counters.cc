#include "server/http/http_counters.h"

#include <fmt/format.h>

#include <string_view>

namespace fairlist::http {

namespace {

// In the order of the enum.
constexpr std::array<std::string_view, kHttpCounts> kNames = {"http_opened",
                                                              "http_open",
                                                              "http_refused",
                                                              "http_accept_errors",
                                                              "http_tls_failures",
                                                              "http_requests",
                                                              "http_2xx",
                                                              "http_4xx",
                                                              "http_5xx",
                                                              "http_bad_requests",
                                                              "http_rate_limited",
                                                              "http_busy",
                                                              "http_handler_failures",
                                                              "http_late"};

}  // namespace

std::string to_string(const HttpCounters& counters) {
    std::string line = fmt::format("http_requests={}", counters.value(HttpCount::Requests));
    for (std::size_t i = 0; i < kHttpCounts; ++i) {
        const auto count = static_cast<HttpCount>(i);
        if (count != HttpCount::Requests && counters.value(count) != 0) {
            line += fmt::format(" {}={}", kNames.at(i), counters.value(count));
        }
    }
    return line;
}

}  // namespace fairlist::http
