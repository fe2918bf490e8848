#include "server/app/process_metrics.h"

#include <array>
#include <string>
#include <utility>

namespace fairlist::app {

using api::Metric;
using api::MetricKind;
using http::HttpCount;

namespace {

Metric counter(std::string name, std::string help, std::uint64_t value) {
    return {.name = std::move(name),
            .help = std::move(help),
            .kind = MetricKind::Counter,
            .samples = {{{}, static_cast<double>(value)}}};
}

// RFC 6895 section 2.3: those that this server answers; others are of no use to a graph.
constexpr std::array kRcodes = {"noerror", "formerr", "servfail", "nxdomain", "notimp", "refused"};

}  // namespace

std::vector<Metric> http_metrics(const http::HttpCounters& counters) {
    const auto value = [&](HttpCount count) {
        return counters.value(count);
    };
    Metric responses{.name = "fairlist_http_responses_total",
                     .help = "Answers by class of status",
                     .kind = MetricKind::Counter};
    constexpr std::array kClasses = {std::pair{"2xx", HttpCount::Answered2xx},
                                     std::pair{"4xx", HttpCount::Answered4xx},
                                     std::pair{"5xx", HttpCount::Answered5xx}};
    for (const auto& [word, count] : kClasses) {
        responses.samples.push_back({{{"class", word}}, static_cast<double>(value(count))});
    }
    return {
        counter("fairlist_http_requests_total", "Requests", value(HttpCount::Requests)),
        std::move(responses),
        counter("fairlist_http_rate_limited_total", "Requests of clients that asked too often",
                value(HttpCount::RateLimited)),
        counter("fairlist_http_connections_total", "Connections served", value(HttpCount::Opened)),
        counter("fairlist_http_connections_refused_total", "Connections over a limit",
                value(HttpCount::Refused)),
        {.name = "fairlist_http_connections",
         .help = "Connections now",
         .samples = {{{}, static_cast<double>(value(HttpCount::Open))}}},
        counter("fairlist_http_handler_failures_total", "Requests that broke a handler",
                value(HttpCount::HandlerFailures)),
    };
}

std::vector<Metric> dns_metrics(const net::CounterTotals& totals) {
    Metric responses{.name = "fairlist_responses_total",
                     .help = "DNS answers by response code",
                     .kind = MetricKind::Counter};
    for (std::size_t i = 0; i < kRcodes.size(); ++i) {
        responses.samples.push_back(
            {{{"rcode", kRcodes[i]}}, static_cast<double>(totals.rcodes[i])});
    }
    return {
        counter("fairlist_queries_total", "DNS messages received", totals.queries),
        std::move(responses),
        counter("fairlist_answers_truncated_total", "DNS answers with TC", totals.truncated),
        counter("fairlist_rrl_dropped_total", "DNS answers over the rate, not given",
                totals.rate_dropped),
        counter("fairlist_rrl_slipped_total", "DNS answers over the rate, truncated",
                totals.rate_slipped),
        {.name = "fairlist_tcp_connections",
         .help = "DNS connections now",
         .samples = {{{}, static_cast<double>(totals.tcp_open)}}},
    };
}

}  // namespace fairlist::app
