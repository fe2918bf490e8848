// Metrics: counters and gauges in Prometheus' text format (version 0.0.4).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::api {

enum class MetricKind : std::uint8_t { Counter, Gauge };

// No text of outside origin may be a label's value: what a stranger can name, a stranger could
// forge lines with, or fill the memory of who scrapes. Names of lists and feeds are configuration.
struct Metric {
    std::string name;  // "fairlist_dns_queries_total"
    std::string help;
    MetricKind kind = MetricKind::Gauge;
    struct Sample {
        std::vector<std::pair<std::string, std::string>> labels;
        double value = 0;
    };
    std::vector<Sample> samples{};
};

// One without samples is left out.
[[nodiscard]] std::string metrics_text(const std::vector<Metric>& metrics);

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace fairlist::api
