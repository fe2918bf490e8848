#include "server/config/zone_check.h"

#include "listing/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::config {

namespace {

// 253 bytes of a name, less the 32 nibbles of an IPv6 question with their dots (RFC 5782 section
// 2.4).
constexpr std::size_t kOriginBytesMax = 253 - 64;

constexpr std::uint32_t kServiceCodes = 0x7FFFFFFC;  // 127.255.255.252 and the three after it

std::string item(std::string_view array, std::size_t index, std::string_view key = {}) {
    return fmt::format("{}[{}]{}{}", array, index, key.empty() ? "" : ".", key);
}

void check_origin(Reader& in, const DomainName& origin) {
    if (origin.text().size() > kOriginBytesMax) {
        in.fault("name", fmt::format("{} bytes, the limit is {}: IPv6 questions would not fit",
                                     origin.text().size(), kOriginBytesMax));
    }
}

void check_times(Reader& in, const SoaSpec& soa) {
    const std::uint64_t least = std::uint64_t{soa.refresh_seconds} + soa.retry_seconds;
    if (soa.expire_seconds < least) {
        in.fault("soa.expire",
                 fmt::format("{}: below refresh and retry together ({}), so a secondary would "
                             "give the zone up after one failure",
                             format_duration(soa.expire_seconds),
                             format_duration(static_cast<std::uint32_t>(least))));
    }
}

void check_names(Reader& in, std::string_view key, const std::vector<std::string>& names) {
    if (in.is_empty_array(key)) {
        in.fault(key, "empty: at least one is needed");
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto first = std::ranges::find(names, names[i]) - names.begin();
        if (!names[i].empty() && static_cast<std::size_t>(first) != i) {
            in.fault(item(key, i), fmt::format("{}: named twice", quote(names[i])));
        }
    }
}

// Why a record of the operator may not stand at this name; empty when it may.
std::string owner_fault(const DomainName& origin, const std::string& owner) {
    if (owner == "@") {
        return {};
    }
    if (owner.ends_with('.')) {
        return fmt::format("{}: not below {}", quote(owner), origin.text());
    }
    if (is_at_or_below(owner, origin)) {
        return fmt::format("{}: names are relative to the zone: write {} or {}", quote(owner),
                           quote(relative_to(origin, owner)), quote(owner + "."));
    }
    if (owner == "*" || owner.starts_with("*.")) {
        return fmt::format("{}: wildcards are not answered", quote(owner));
    }
    const auto whole = parse_domain(owner + "." + origin.text());
    return whole ? std::string() : whole.error().message;
}

void check_records(Reader& in, const DomainName& origin, const ZoneSpec& zone) {
    for (std::size_t i = 0; i < zone.records.size(); ++i) {
        std::string why = owner_fault(origin, zone.records[i].owner);
        if (!why.empty()) {
            in.fault(item("record", i, "owner"), std::move(why));
        }
    }
}

void check_access_rule(Reader& in, const AccessRule& rule, std::size_t index) {
    const std::string key = item("access", index, "code");
    const bool wants_code = rule.action == AccessAction::ServiceCode;
    if (wants_code && !rule.service_code.is_set()) {
        in.fault(item("access", index, "action"),
                 "\"service-code\": needs code, 127.255.255.252 to 127.255.255.255");
    } else if (wants_code && (rule.service_code.value & ~3U) != kServiceCodes) {
        in.fault(key, fmt::format("{}: expected 127.255.255.252 to 127.255.255.255",
                                  to_string(rule.service_code)));
    } else if (!wants_code && rule.service_code.is_set()) {
        in.fault(key, "only with action = \"service-code\"");
    }
}

void check_access(Reader& in, const ZoneSpec& zone) {
    for (std::size_t i = 0; i < zone.access.size(); ++i) {
        check_access_rule(in, zone.access[i], i);
        const auto first =
            std::ranges::find(zone.access, zone.access[i].client, &AccessRule::client) -
            zone.access.begin();
        if (static_cast<std::size_t>(first) != i && zone.access[i].client != Prefix{}) {
            in.fault(item("access", i, "client"),
                     fmt::format("{}: has a rule already, access[{}]",
                                 to_string(zone.access[i].client), first));
        }
    }
}

// Clients take any answer in 127/8 for a listing or, in 127.255.255.0/24, for an error.
void check_code(Reader& in, std::string_view key, ReturnCode code) {
    const bool good = is_listing_code(code) || code.value >> 8U == 0x7FFFFF;
    if (code.is_set() && !good) {
        in.fault(key,
                 fmt::format("{}: expected a code in 127/8 other than 127.0.0.1", to_string(code)));
    }
}

}  // namespace

bool is_at_or_below(std::string_view name, const DomainName& origin) noexcept {
    const std::string& text = origin.text();
    return name == text || (name.size() > text.size() && name.ends_with(text) &&
                            name[name.size() - text.size() - 1] == '.');
}

std::string relative_to(const DomainName& origin, std::string_view name) {
    const std::size_t rest = name.size() - origin.text().size();
    return rest == 0 ? "@" : std::string(name.substr(0, rest - 1));
}

bool is_reversed_address(std::string_view relative) noexcept {
    constexpr std::size_t kOctets = 4;
    constexpr std::size_t kNibbles = 32;
    std::size_t labels = 0;
    bool are_octets = true;
    bool are_nibbles = true;
    for (const auto part : std::views::split(relative, '.')) {
        const std::string_view label(part);
        unsigned octet = 0;
        const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), octet);
        are_octets = are_octets && error == std::errc{} && end == label.data() + label.size() &&
                     octet <= 255 && (label.size() == 1 || label.front() != '0');
        are_nibbles =
            are_nibbles && label.size() == 1 && label.find_first_of("0123456789abcdef") == 0;
        ++labels;
    }
    return (labels == kOctets && are_octets) || (labels == kNibbles && are_nibbles);
}

void complete_zone(ZoneSpec& zone) {
    if (!zone.origin) {
        return;
    }
    if (zone.soa.mname.empty() && !zone.name_servers.empty()) {
        zone.soa.mname = zone.name_servers.front();
    }
    if (zone.soa.rname.empty()) {
        zone.soa.rname = "hostmaster." + zone.origin->text();
    }
    for (StaticRecord& record : zone.records) {
        const auto name = parse_domain(record.owner);
        if (!name) {
            continue;
        }
        if (!record.owner.ends_with('.')) {
            record.owner = name->text();
        } else if (is_at_or_below(name->text(), *zone.origin)) {
            record.owner = relative_to(*zone.origin, name->text());
        }
    }
}

void check_zone(Reader& in, const ZoneSpec& zone) {
    check_names(in, "lists", zone.lists);
    check_names(in, "ns", zone.name_servers);
    check_times(in, zone.soa);
    check_access(in, zone);
    check_code(in, "malformed_code", zone.malformed_code);
    check_code(in, "domain_asked_code", zone.domain_asked_code);
    check_code(in, "address_asked_code", zone.address_asked_code);
    if (zone.origin) {
        check_origin(in, *zone.origin);
        check_records(in, *zone.origin, zone);
    }
}

}  // namespace fairlist::config
