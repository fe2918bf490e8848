#include "importer/policy/policy_document.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace fairlist::importer {

namespace {

namespace json = boost::json;

// Members of one object, one line. Empty values are left out.
class JsonLine {
  public:
    void add(std::string_view name, std::string_view value) {
        if (!value.empty()) {
            text_ += fmt::format("{}\"{}\": {}", text_.empty() ? "" : ", ", name,
                                 json::serialize(json::string(value)));
        }
    }
    void add(std::string_view name, Time value) {
        if (value.is_set()) {
            add(name, to_string(value));
        }
    }
    void add_plain(std::string_view name, std::string_view value) {
        text_ += fmt::format("{}\"{}\": {}", text_.empty() ? "" : ", ", name, value);
    }
    [[nodiscard]] std::string text() const { return "{" + text_ + "}"; }

  private:
    std::string text_;
};

std::string json_of(const PolicyRange& range) {
    JsonLine line;
    line.add("prefix", to_string(range.prefix));
    line.add("use", to_string(range.use));
    line.add("direct_mail", to_string(range.direct_mail));
    line.add("port25", to_string(range.port25));
    line.add("ptr", to_string(range.ptr));
    line.add("smarthost", range.smarthost);
    line.add("policy", range.policy);
    line.add("customer", range.customer);
    line.add("contact", range.contact);
    line.add("since", range.since);
    return line.text();
}

std::string json_of(const PolicyExemption& exemption) {
    JsonLine line;
    line.add("prefix", to_string(exemption.prefix));
    line.add("reason", exemption.reason);
    line.add("customer", exemption.customer);
    line.add("until", exemption.until);
    return line.text();
}

std::string provider_json(const MailPolicy& policy) {
    JsonLine line;
    line.add("name", policy.provider_name);
    if (!policy.asns.empty()) {
        line.add_plain("asn", fmt::format("[{}]", fmt::join(policy.asns, ", ")));
    }
    line.add("abuse", policy.abuse);
    line.add("support", policy.support);
    return line.text();
}

template <typename Row>
void append_json(std::string_view name, const std::vector<Row>& rows, std::string& out) {
    out += fmt::format(",\n  \"{}\": [", name);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out += i == 0 ? "\n    " : ",\n    ";
        out += json_of(rows[i]);
    }
    out += rows.empty() ? "]" : "\n  ]";
}

// Column by column, as kCsvHeader names them.
constexpr std::string_view kCsvHeader =
    "kind,prefix,use,direct_mail,port25,ptr,smarthost,policy,customer,contact,since,reason,until,"
    "mail_policy,name,asn,abuse,support,published\n";
constexpr std::size_t kHeadColumns = 13;

std::string cell(std::string_view text) {
    constexpr std::string_view kSpecial = ",\"#;";
    const bool needs_quotes =
        !text.empty() && (text.find_first_of(kSpecial) != std::string_view::npos ||
                          text.front() == ' ' || text.back() == ' ');
    if (!needs_quotes) {
        return std::string(text);
    }
    std::string out = "\"";
    for (const char c : text) {
        out.append(c == '"' ? 2 : 1, c);
    }
    return out + "\"";
}

std::string cell(Time time) {
    return time.is_set() ? to_string(time) : "";
}

template <typename... Cells>
void append_row(std::string& out, const Cells&... cells) {
    std::string row;
    ((row += cells, row += ','), ...);
    row.erase(row.find_last_not_of(',') + 1);
    out += row + "\n";
}

}  // namespace

std::string to_json(const MailPolicy& policy) {
    std::string out = fmt::format("{{\n  \"mail_policy\": {},\n  \"provider\": {}", policy.version,
                                  provider_json(policy));
    if (policy.published.is_set()) {
        out += fmt::format(",\n  \"published\": \"{}\"", to_string(policy.published));
    }
    append_json("ranges", policy.ranges, out);
    append_json("exemptions", policy.exemptions, out);
    return out + "\n}\n";
}

std::string to_csv(const MailPolicy& policy) {
    std::string out(kCsvHeader);
    const std::string head =
        fmt::format("policy{}{},{},{},{},{},{}", std::string(kHeadColumns, ','), policy.version,
                    cell(policy.provider_name), fmt::join(policy.asns, " "), cell(policy.abuse),
                    cell(policy.support), cell(policy.published));
    append_row(out, head);
    for (const PolicyRange& range : policy.ranges) {
        append_row(out, "range", to_string(range.prefix), to_string(range.use),
                   to_string(range.direct_mail), to_string(range.port25), to_string(range.ptr),
                   cell(range.smarthost), cell(range.policy), cell(range.customer),
                   cell(range.contact), cell(range.since));
    }
    for (const PolicyExemption& exemption : policy.exemptions) {
        append_row(out, "exemption", to_string(exemption.prefix), "", "", "", "", "", "",
                   cell(exemption.customer), "", "", cell(exemption.reason), cell(exemption.until));
    }
    return out;
}

}  // namespace fairlist::importer
