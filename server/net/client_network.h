// The network that a client is counted under.
#pragma once

#include "listing/model/prefix.h"

namespace fairlist::net {

// A customer usually has a /24 or less of IPv4, and a /56 of IPv6 (RFC 6177): limits that counted
// single addresses would be no limits to the owner of a /56.
inline constexpr unsigned kClientBitsV4 = Prefix::kV4Offset + 24;
inline constexpr unsigned kClientBitsV6 = 56;

[[nodiscard]] constexpr Prefix client_network(const Address& client) noexcept {
    return Prefix::of(client, client.is_v4() ? kClientBitsV4 : kClientBitsV6);
}

}  // namespace fairlist::net
