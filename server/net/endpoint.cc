#include "server/net/endpoint.h"

#include <fmt/format.h>

#include <array>
#include <bit>

namespace fairlist::net {

std::string to_string(const Endpoint& endpoint) {
    const std::string address = to_string(endpoint.address);
    return endpoint.address.is_v4() ? fmt::format("{}:{}", address, endpoint.port)
                                    : fmt::format("[{}]:{}", address, endpoint.port);
}

SocketAddress to_socket_address(const Endpoint& endpoint) noexcept {
    SocketAddress result{};
    if (endpoint.address.is_v4()) {
        result.v4 = {};
        result.v4.sin_family = AF_INET;
        result.v4.sin_port = htons(endpoint.port);
        result.v4.sin_addr.s_addr = htonl(endpoint.address.v4());
    } else {
        result.v6 = {};
        result.v6.sin6_family = AF_INET6;
        result.v6.sin6_port = htons(endpoint.port);
        result.v6.sin6_addr = std::bit_cast<in6_addr>(endpoint.address.to_bytes());
    }
    return result;
}

socklen_t size_of(const SocketAddress& address) noexcept {
    return address.base.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

std::optional<Endpoint> to_endpoint(const SocketAddress& address, socklen_t size) noexcept {
    if (size >= sizeof(sockaddr_in) && address.base.sa_family == AF_INET) {
        return Endpoint{Address::from_v4(ntohl(address.v4.sin_addr.s_addr)),
                        ntohs(address.v4.sin_port)};
    }
    if (size >= sizeof(sockaddr_in6) && address.base.sa_family == AF_INET6) {
        using Bytes = std::array<std::uint8_t, 16>;
        return Endpoint{Address::from_bytes(std::bit_cast<Bytes>(address.v6.sin6_addr)),
                        ntohs(address.v6.sin6_port)};
    }
    return std::nullopt;
}

}  // namespace fairlist::net
