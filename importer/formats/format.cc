#include "importer/formats/format.h"

#include "importer/formats/detect.h"
#include "importer/formats/excerpt.h"
#include "importer/formats/parsers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <expected>
#include <iterator>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr auto kAddress = ListKind::Address;
constexpr auto kDomain = ListKind::Domain;

constexpr std::array kFormats = std::to_array<Format>({
    {"rbldnsd", parse_rbldnsd, {}, kRbldnsdAttributes, "rbldnsd data, the type told by content"},
    {"rbldnsd:ip4set", parse_rbldnsd_ip4set, kAddress, kRbldnsdAttributes, "IPv4 with ranges"},
    {"rbldnsd:ip4trie", parse_rbldnsd_ip4trie, kAddress, kRbldnsdAttributes, "IPv4 prefixes"},
    {"rbldnsd:ip4tset", parse_rbldnsd_ip4tset, kAddress, kRbldnsdAttributes, "IPv4 addresses"},
    {"rbldnsd:ip6trie", parse_rbldnsd_ip6trie, kAddress, kRbldnsdAttributes, "IPv6 prefixes"},
    {"rbldnsd:ip6tset", parse_rbldnsd_ip6tset, kAddress, kRbldnsdAttributes, "IPv6 /64s"},
    {"rbldnsd:dnset", parse_rbldnsd_dnset, kDomain, kRbldnsdAttributes, "names and wildcards"},
    {"rbldnsd:generic", parse_rbldnsd_generic, {}, kRbldnsdAttributes, "zone data, lists nothing"},
    {"rbldnsd:combined", parse_rbldnsd_combined, {}, kRbldnsdAttributes, "$DATASET sections"},
    {"cidr", parse_cidr, kAddress, {}, "an address, range or prefix a line"},
    {"csv", parse_csv, {}, {}, "columns subject, code, reason, ttl, expires, exempt"},
    {"jsonl", parse_jsonl, {}, {}, "a JSON object a line with those members"},
    {"aws", parse_aws, kAddress, kAwsAttributes, "Amazon's ip-ranges.json"},
    {"gcp", parse_gcp, kAddress, kGcpAttributes, "Google's cloud.json"},
    {"azure", parse_azure, kAddress, kAzureAttributes, "Microsoft's service tags"},
    {"oracle", parse_oracle, kAddress, kOracleAttributes, "Oracle's public_ip_ranges.json"},
    {"geofeed", parse_geofeed, kAddress, kGeofeedAttributes, "RFC 8805"},
    {"domains", parse_domains, kDomain, {}, "a name a line"},
    {"hosts", parse_hosts, kDomain, {}, "names behind 0.0.0.0, as in hosts(5)"},
});

Result<void> check_use(const Format& format, const FormatOptions& options) {
    if (format.kind && *format.kind != options.kind) {
        return fail(Errc::Malformed,
                    fmt::format("format {} gives entries for a list of kind {}, but the list is of "
                                "kind {}",
                                format.name, to_string(*format.kind), to_string(options.kind)));
    }
    return options.select.check_keys(format.attributes);
}

}  // namespace

std::span<const Format> formats() noexcept {
    return kFormats;
}

Result<const Format*> find_format(std::string_view name) {
    const auto* found = std::ranges::find(kFormats, name, &Format::name);
    if (found == kFormats.end()) {
        std::vector<std::string_view> names;
        std::ranges::transform(kFormats, std::back_inserter(names), &Format::name);
        return fail(Errc::NotFound, fmt::format("format \"{}\": expected one of {}", excerpt(name),
                                                fmt::join(names, ", ")));
    }
    return found;
}

Result<void> parse_input(Input& input, const Format* format, const FormatOptions& options,
                         RecordSink& sink, const Format** used) {
    if (format == nullptr) {
        const auto detected = detect_format(input.peek(), input.name(), options.kind);
        if (!input.status()) {
            return input.status();
        }
        if (!detected) {
            return std::unexpected(detected.error());
        }
        format = *detected;
    }
    if (used != nullptr) {
        *used = format;
    }
    if (const auto checked = check_use(*format, options); !checked) {
        return fail_in(input.name(), checked.error());
    }
    return format->parse(input, options, sink);
}

}  // namespace fairlist::importer
