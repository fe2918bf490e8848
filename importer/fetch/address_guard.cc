#include "importer/fetch/address_guard.h"

#include "listing/model/protected_space.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <string_view>
#include <sys/socket.h>

namespace fairlist::importer {

namespace {

struct TunnelRow {
    Prefix prefix;
    std::string_view why;
};

// Beside the special-purpose space: forms that carry an IPv4 address inside, which could be a
// private one, and the predecessor of unique local addresses.
const std::array<TunnelRow, 3>& tunnels() {
    static const std::array<TunnelRow, 3> rows = {
        {{Prefix::of({0x2002'0000'0000'0000, 0}, 16), "6to4 (RFC 3056)"},
         {Prefix::of({0x2001'0000'0000'0000, 0}, 32), "Teredo (RFC 4380)"},
         {Prefix::of({0xFEC0'0000'0000'0000, 0}, 10), "site local (RFC 3879)"}}};
    return rows;
}

std::optional<Address> address_of(const sockaddr& generic) {
    if (generic.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &generic, sizeof v4);
        return Address::from_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (generic.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &generic, sizeof v6);
        std::array<std::uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return Address::from_bytes(bytes);
    }
    return std::nullopt;
}

std::string_view reason_against(const Address& address, bool is_mapped) {
    if (is_mapped) {
        return "IPv4-mapped (RFC 4291)";
    }
    for (const ProtectedPrefix& row : special_purpose_space()) {
        if (row.prefix.contains(address) && row.prefix.is_v4() == address.is_v4()) {
            return row.why;
        }
    }
    for (const TunnelRow& row : tunnels()) {
        if (row.prefix.contains(address)) {
            return row.why;
        }
    }
    return {};
}

}  // namespace

std::string AddressGuard::refusal(const sockaddr& generic) const {
    if (allow_private) {
        return {};
    }
    const auto address = address_of(generic);
    if (!address) {
        return "neither IPv4 nor IPv6";
    }
    for (const Prefix& prefix : allowed) {
        if (prefix.contains(*address) && prefix.is_v4() == address->is_v4()) {
            return {};
        }
    }
    const bool is_mapped = generic.sa_family == AF_INET6 && address->is_v4();
    const std::string_view why = reason_against(*address, is_mapped);
    return why.empty() ? std::string() : fmt::format("{}: {}", to_string(*address), why);
}

std::string refused_address(const std::string& why, bool redirected) {
    return fmt::format("address not allowed for a fetch: {}; {}", why,
                       redirected ? "a redirect to another host must be to a public address"
                                  : "--allow-private or the feed's allow_private_fetch permits it");
}

}  // namespace fairlist::importer
