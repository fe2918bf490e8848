// Endpoint: an address and a port, and its form for the kernel.
#pragma once

#include "listing/model/address.h"

#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>

namespace fairlist::net {

struct Endpoint {
    Address address;
    std::uint16_t port = 0;

    [[nodiscard]] bool is_wildcard() const noexcept {
        return address == Address{} || address == Address::from_v4(0);
    }
    friend bool operator==(const Endpoint&, const Endpoint&) noexcept = default;
};

// "127.0.0.1:53", "[::1]:53".
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

// The three views that the kernel's calls take of one address.
union SocketAddress {
    sockaddr base;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

[[nodiscard]] SocketAddress to_socket_address(const Endpoint& endpoint) noexcept;
[[nodiscard]] socklen_t size_of(const SocketAddress& address) noexcept;

// `size` is what the kernel has filled; nothing when it is neither IPv4 nor IPv6.
[[nodiscard]] std::optional<Endpoint> to_endpoint(const SocketAddress& address,
                                                  socklen_t size) noexcept;

}  // namespace fairlist::net
