#include "server/http/client_address.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::http {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80", "2001:db8::1" (RFC 7239
// section 6 and what proxies write into X-Forwarded-For).
std::optional<Address> node_address(std::string_view node) {
    if (node.starts_with('[')) {
        const std::size_t end = node.find(']');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        node = node.substr(1, end - 1);
    } else if (std::ranges::count(node, ':') == 1) {
        node = node.substr(0, node.find(':'));
    }
    const auto address = parse_address(node);
    return address ? std::optional(*address) : std::nullopt;
}

bool is_for(std::string_view name) noexcept {
    constexpr std::string_view kFor = "for";
    return std::ranges::equal(name, kFor, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : +c; });
}

// The value of "for" in one element of Forwarded (RFC 7239 section 4). Names with quoted pairs are
// no addresses.
std::string_view for_value(std::string_view element) noexcept {
    while (!element.empty()) {
        const std::size_t end = element.find(';');
        const std::string_view pair = trimmed(element.substr(0, end));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && is_for(pair.substr(0, equals))) {
            std::string_view value = pair.substr(equals + 1);
            if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
                value = value.substr(1, value.size() - 2);
            }
            return value;
        }
        element = end == std::string_view::npos ? std::string_view() : element.substr(end + 1);
    }
    return {};
}

bool is_trusted(const Address& address, const TrustedProxies& proxies) noexcept {
    return std::ranges::any_of(proxies.peers, [&](const Prefix& prefix) {
        // A prefix of IPv6 says nothing of IPv4, although it may hold it by its bits.
        return prefix.is_v4() == address.is_v4() && prefix.contains(address);
    });
}

}  // namespace

Address client_of(const Request& request, const Address& peer, const TrustedProxies& proxies) {
    const bool is_standard = proxies.field == ForwardedField::Forwarded;
    std::string_view list = is_standard ? request.forwarded : request.x_forwarded_for;
    Address client = peer;
    for (std::size_t passed = 0; passed < kProxiesMax && !list.empty(); ++passed) {
        if (!is_trusted(client, proxies)) {
            break;
        }
        const std::size_t comma = list.rfind(',');
        const bool is_first = comma == std::string_view::npos;
        const std::string_view element = trimmed(is_first ? list : list.substr(comma + 1));
        list = is_first ? std::string_view() : list.substr(0, comma);
        const auto named = node_address(is_standard ? for_value(element) : element);
        if (!named) {
            break;
        }
        client = *named;
    }
    return client;
}

}  // namespace fairlist::http
