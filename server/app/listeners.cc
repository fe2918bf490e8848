#include "server/app/listeners.h"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <expected>
#include <fcntl.h>
#include <optional>
#include <utility>

namespace fairlist::app {

namespace {

// Port 0: a port that is free for UDP may be taken for TCP.
constexpr unsigned kPortTriesMax = 32;

Result<Listener> open_pair(const net::Endpoint& wanted) {
    Result<net::Socket> udp = net::open_udp(wanted, net::PortShare::First);
    if (!udp) {
        return std::unexpected(udp.error());
    }
    const Result<net::Endpoint> endpoint = net::local_endpoint(*udp);
    if (!endpoint) {
        return std::unexpected(endpoint.error());
    }
    Result<net::Socket> tcp = net::open_tcp(*endpoint);
    if (!tcp) {
        return std::unexpected(tcp.error());
    }
    Listener listener{.endpoint = *endpoint, .udp = {}, .tcp = std::move(*tcp)};
    listener.udp.push_back(std::move(*udp));
    return listener;
}

Result<Listener> open_first(const net::Endpoint& wanted) {
    Result<Listener> listener = open_pair(wanted);
    for (unsigned tries = 1; !listener && wanted.port == 0 && tries < kPortTriesMax; ++tries) {
        listener = open_pair(wanted);
    }
    return listener;
}

// Not everything need be there, and nothing at all is for an address that is new.
std::optional<Listener> take_handed(const net::Endpoint& wanted, unsigned workers,
                                    HandedSockets& handed) {
    const std::optional<net::Endpoint> endpoint =
        wanted.port == 0 ? handed.any_port_of(wanted.address) : wanted;
    if (!endpoint) {
        return std::nullopt;
    }
    Listener listener{.endpoint = *endpoint,
                      .udp = handed.take_udp(*endpoint, workers),
                      .tcp = handed.take_tcp(*endpoint)};
    if (listener.udp.empty() && !listener.tcp.is_open()) {
        return std::nullopt;
    }
    return listener;
}

Result<void> open_missing_half(Listener& listener) {
    if (listener.udp.empty()) {
        Result<net::Socket> udp = net::open_udp(listener.endpoint, net::PortShare::First);
        if (!udp) {
            return std::unexpected(udp.error());
        }
        listener.udp.push_back(std::move(*udp));
    }
    if (!listener.tcp.is_open()) {
        Result<net::Socket> tcp = net::open_tcp(listener.endpoint);
        if (!tcp) {
            return std::unexpected(tcp.error());
        }
        listener.tcp = std::move(*tcp);
    }
    return {};
}

// Only sockets of one user can share a port (SO_REUSEPORT in socket(7)), and those of a socket unit
// are root's. Several workers can wait at one socket as well, though less swiftly.
Result<net::Socket> open_for_worker(const Listener& listener, bool was_handed) {
    Result<net::Socket> socket = net::open_udp(listener.endpoint, net::PortShare::Joining);
    if (socket || !was_handed) {
        return socket;
    }
    net::Socket shared(fcntl(listener.udp.front().descriptor(), F_DUPFD_CLOEXEC, 0));
    if (!shared.is_open()) {
        return socket;
    }
    spdlog::info("workers share a socket of udp {}, which was handed over",
                 to_string(listener.endpoint));
    return shared;
}

Result<Listener> open_listener(const net::Endpoint& wanted, unsigned workers,
                               HandedSockets& handed) {
    std::optional<Listener> found = take_handed(wanted, workers, handed);
    const bool was_handed = found.has_value();
    Result<Listener> listener = was_handed ? std::move(*found) : open_first(wanted);
    if (!listener) {
        return listener;
    }
    if (Result<void> opened = open_missing_half(*listener); !opened) {
        return std::unexpected(opened.error());
    }
    while (listener->udp.size() < workers) {
        Result<net::Socket> socket = open_for_worker(*listener, was_handed);
        if (!socket) {
            return std::unexpected(socket.error());
        }
        listener->udp.push_back(std::move(*socket));
    }
    return listener;
}

Result<std::vector<net::Endpoint>> parse_endpoints(const std::vector<config::Listener>& addresses) {
    std::vector<net::Endpoint> endpoints;
    for (const config::Listener& wanted : addresses) {
        const Result<Address> address = parse_address(wanted.address);
        if (!address) {
            return fail_in("server.listen", address.error());
        }
        endpoints.push_back({*address, wanted.port});
    }
    return endpoints;
}

}  // namespace

Result<std::vector<Listener>> open_listeners(const std::vector<config::Listener>& addresses,
                                             unsigned workers, HandedSockets& handed) {
    const auto endpoints = parse_endpoints(addresses);
    if (!endpoints) {
        return std::unexpected(endpoints.error());
    }
    std::vector<Listener> listeners(endpoints->size());
    // Those that can do with any port come last.
    for (const bool any_port : {false, true}) {
        for (std::size_t index = 0; index < endpoints->size(); ++index) {
            const net::Endpoint& wanted = (*endpoints)[index];
            if ((wanted.port == 0) != any_port) {
                continue;
            }
            Result<Listener> listener = open_listener(wanted, workers, handed);
            if (!listener) {
                return std::unexpected(listener.error());
            }
            listeners[index] = std::move(*listener);
        }
    }
    return listeners;
}

}  // namespace fairlist::app
