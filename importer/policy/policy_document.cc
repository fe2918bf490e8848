#include "importer/policy/policy_document.h"

#include "importer/formats/words.h"
#include "importer/policy/policy_collector.h"
#include "importer/policy/policy_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist::importer {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kJsonBegins = "{[\"";

// The first line that says something; empty: there is none.
std::string_view first_line(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trim(text.substr(0, end));
        if (!line.empty() && line.front() != '#') {
            return line;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

}  // namespace

PolicyReading read_policy(std::string_view text, Time now) {
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    const std::string_view line = first_line(text);
    const bool is_json = !line.empty() && kJsonBegins.find(line.front()) != std::string_view::npos;
    // A quoted header row begins as a JSON string does.
    const bool is_csv = !line.empty() && line.front() != '{' && has_policy_columns(line);
    PolicyCollector out(is_csv, now);
    if (text.size() > kPolicyBytesMax) {
        out.log().fault(
            {1, 1}, "",
            fmt::format("{} bytes: a policy has at most {}", text.size(), kPolicyBytesMax));
    } else if (is_csv) {
        read_policy_csv(text, out);
    } else if (is_json) {
        read_policy_json(text, out);
    } else {
        out.log().fault({1, 1}, "",
                        "neither JSON nor CSV: expected {\"mail_policy\": 1, ...} or a header row "
                        "such as kind,prefix,use,direct_mail");
    }
    return out.finish();
}

std::string to_string(const PolicyFault& fault, std::string_view file) {
    return fmt::format("{}:{}:{}: {}: {}{}{}", file, fault.line, fault.column,
                       fault.is_warning ? "warning" : "error", fault.where,
                       fault.where.empty() ? "" : ": ", fault.what);
}

}  // namespace fairlist::importer
