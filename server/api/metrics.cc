#include "server/api/metrics.h"

#include <fmt/format.h>

#include <string_view>

namespace fairlist::api {

namespace {

std::string escaped(std::string_view text, bool quotes) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (c == '\\' || (quotes && c == '"')) {
            out += '\\';
            out += c;
        } else {
            out += c;
        }
    }
    return out;
}

std::string labels_of(const Metric::Sample& sample) {
    std::string out;
    for (const auto& [name, value] : sample.labels) {
        out += fmt::format("{}{}=\"{}\"", out.empty() ? "{" : ",", name, escaped(value, true));
    }
    return out.empty() ? out : out + "}";
}

}  // namespace

std::string metrics_text(const std::vector<Metric>& metrics) {
    std::string out;
    for (const Metric& metric : metrics) {
        if (metric.samples.empty()) {
            continue;
        }
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", metric.name, escaped(metric.help, false),
                           metric.name, metric.kind == MetricKind::Counter ? "counter" : "gauge");
        for (const Metric::Sample& sample : metric.samples) {
            out += fmt::format("{}{} {}\n", metric.name, labels_of(sample), sample.value);
        }
    }
    return out;
}

}  // namespace fairlist::api
