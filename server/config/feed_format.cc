#include "server/config/feed_format.h"

#include <algorithm>
#include <array>

namespace fairlist::config {

namespace {

constexpr std::array<std::string_view, 3> kRbldnsd = {"dataset", "type", "subzone"};
constexpr std::array<std::string_view, 3> kAws = {"service", "region", "network_border_group"};
constexpr std::array<std::string_view, 3> kGcp = {"service", "scope", "region"};
constexpr std::array<std::string_view, 4> kAzure = {"tag", "service", "region", "platform"};
constexpr std::array<std::string_view, 3> kOracle = {"region", "tag", "service"};
constexpr std::array<std::string_view, 3> kGeofeed = {"country", "region", "city"};

constexpr auto kFormats = std::to_array<FeedFormat>({
    {"rbldnsd", {}, kRbldnsd},
    {"rbldnsd:ip4set", ListKind::Address, kRbldnsd},
    {"rbldnsd:ip4trie", ListKind::Address, kRbldnsd},
    {"rbldnsd:ip4tset", ListKind::Address, kRbldnsd},
    {"rbldnsd:ip6trie", ListKind::Address, kRbldnsd},
    {"rbldnsd:ip6tset", ListKind::Address, kRbldnsd},
    {"rbldnsd:dnset", ListKind::Domain, kRbldnsd},
    {"rbldnsd:generic", {}, kRbldnsd},
    {"rbldnsd:combined", {}, kRbldnsd},
    {"cidr", ListKind::Address, {}},
    {"csv", {}, {}},
    {"jsonl", {}, {}},
    {"aws", ListKind::Address, kAws},
    {"gcp", ListKind::Address, kGcp},
    {"azure", ListKind::Address, kAzure},
    {"oracle", ListKind::Address, kOracle},
    {"geofeed", ListKind::Address, kGeofeed},
    {"domains", ListKind::Domain, {}},
    {"hosts", ListKind::Domain, {}},
});

}  // namespace

std::span<const FeedFormat> feed_formats() noexcept {
    return kFormats;
}

const FeedFormat* find_feed_format(std::string_view name) noexcept {
    const auto* format = std::ranges::find(kFormats, name, &FeedFormat::name);
    return format == kFormats.end() ? nullptr : format;
}

std::vector<std::string_view> attributes_of(const FeedFormat* format) {
    std::vector<std::string_view> names;
    for (const FeedFormat& each : kFormats) {
        if (format == nullptr || format == &each) {
            names.insert(names.end(), each.attributes.begin(), each.attributes.end());
        }
    }
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace fairlist::config
