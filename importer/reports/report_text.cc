#include "importer/reports/report_text.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/host_name.h"
#include "importer/formats/words.h"
#include "importer/mail/prescan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace fairlist::importer {

namespace {

std::optional<DomainName> name_of(std::string_view text) {
    auto name = parse_host_name(text);
    if (!name || name->scope != NameScope::Exact) {
        return std::nullopt;
    }
    return std::move(name->name);
}

// "[192.0.2.1]" and "IPv6:2001:db8::1" (RFC 5321 section 4.1.3) lose what is around the address.
std::string_view without_literal(std::string_view text) noexcept {
    constexpr std::string_view kTag = "ipv6:";
    if (text.starts_with('[') && text.ends_with(']')) {
        text = text.substr(1, text.size() - 2);
    }
    if (equals_lower(text.substr(0, kTag.size()), kTag)) {
        text.remove_prefix(kTag.size());
    }
    return text;
}

}  // namespace

std::string printable(std::string_view text, std::size_t bytes_max) {
    std::string out(text.substr(0, bytes_max));
    std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

std::string domain_text(std::string_view text) {
    const auto name = name_of(text);
    return name ? name->text() : std::string();
}

void add_domain(std::string_view text, AbuseReport& report) {
    auto name = name_of(text);
    auto& domains = report.reported_domains;
    if (name && domains.size() < kReportedDomainsMax &&
        std::ranges::find(domains, *name) == domains.end()) {
        domains.push_back(std::move(*name));
    }
}

void set_source(std::string_view text, std::string_view key, AbuseReport& report) {
    const auto address = parse_address(without_literal(trim(text)));
    if (address) {
        report.source = *address;
        report.why_no_source.clear();
    } else {
        report.source.reset();
        report.why_no_source =
            fmt::format("{} \"{}\": expected an IPv4 or IPv6 address", key, excerpt(text));
    }
}

std::vector<std::string> received_of(std::string_view message) {
    return prescan(message, PrescanLimits{}).received;
}

}  // namespace fairlist::importer
