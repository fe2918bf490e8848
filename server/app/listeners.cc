#include "server/app/listeners.h"

#include <expected>
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

Result<Listener> open_listener(const net::Endpoint& wanted, unsigned workers) {
    Result<Listener> listener = open_pair(wanted);
    for (unsigned tries = 1; !listener && wanted.port == 0 && tries < kPortTriesMax; ++tries) {
        listener = open_pair(wanted);
    }
    if (!listener) {
        return listener;
    }
    while (listener->udp.size() < workers) {
        Result<net::Socket> socket = net::open_udp(listener->endpoint, net::PortShare::Joining);
        if (!socket) {
            return std::unexpected(socket.error());
        }
        listener->udp.push_back(std::move(*socket));
    }
    return listener;
}

}  // namespace

Result<std::vector<Listener>> open_listeners(const std::vector<config::Listener>& addresses,
                                             unsigned workers) {
    std::vector<Listener> listeners;
    for (const config::Listener& wanted : addresses) {
        const Result<Address> address = parse_address(wanted.address);
        if (!address) {
            return fail_in("server.listen", address.error());
        }
        Result<Listener> listener = open_listener({*address, wanted.port}, workers);
        if (!listener) {
            return std::unexpected(listener.error());
        }
        listeners.push_back(std::move(*listener));
    }
    return listeners;
}

}  // namespace fairlist::app
