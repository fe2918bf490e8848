#include "server/app/intake_sockets.h"

#include <cerrno>
#include <expected>
#include <fcntl.h>
#include <string>
#include <utility>

namespace fairlist::app {

namespace {

Result<net::Socket> open_one(const net::Endpoint& endpoint, HandedSockets& handed) {
    net::Socket socket = endpoint.port == 0 ? net::Socket() : handed.take_tcp(endpoint);
    if (!socket.is_open()) {
        return net::open_tcp(endpoint);
    }
    if (Result<void> prepared = net::prepare_bound_tcp(socket, endpoint); !prepared) {
        return std::unexpected(prepared.error());
    }
    return socket;
}

Result<std::vector<net::Socket>> open_all(const std::string& key,
                                          const std::vector<config::Listener>& listeners,
                                          HandedSockets& handed) {
    std::vector<net::Socket> sockets;
    for (const config::Listener& listener : listeners) {
        const auto address = parse_address(listener.address);
        if (!address) {
            return fail_in(key, address.error());
        }
        auto socket = open_one({*address, listener.port}, handed);
        if (!socket) {
            return fail_in(key, socket.error());
        }
        sockets.push_back(std::move(*socket));
    }
    return sockets;
}

}  // namespace

std::vector<NamedDescriptor> IntakeSockets::names() const {
    std::vector<NamedDescriptor> found;
    for (const auto* sockets : {&lmtp, &http}) {
        for (const net::Socket& socket : *sockets) {
            if (const auto endpoint = net::local_endpoint(socket)) {
                found.push_back({net::handed_name(net::SocketKind::TcpListener, *endpoint),
                                 socket.descriptor()});
            }
        }
    }
    return found;
}

std::vector<net::HandedSocket> IntakeSockets::hand_over() && {
    std::vector<net::HandedSocket> handed;
    for (auto* sockets : {&lmtp, &http}) {
        for (net::Socket& socket : *sockets) {
            if (auto one = net::take_over(socket.release())) {
                handed.push_back(std::move(*one));
            }
        }
        sockets->clear();
    }
    return handed;
}

Result<IntakeSockets> open_intake_sockets(const config::Config& config, const Roles& roles,
                                          HandedSockets& handed) {
    IntakeSockets sockets;
    if (roles.trap) {
        auto lmtp = open_all("trap.listen", config.trap.listen, handed);
        if (!lmtp) {
            return std::unexpected(lmtp.error());
        }
        sockets.lmtp = std::move(*lmtp);
    }
    if (roles.http) {
        auto http = open_all("http.listen", config.http.listen, handed);
        if (!http) {
            return std::unexpected(http.error());
        }
        sockets.http = std::move(*http);
    }
    return sockets;
}

std::vector<std::uint16_t> ports_of(std::span<const net::Socket> sockets) {
    std::vector<std::uint16_t> ports;
    for (const net::Socket& socket : sockets) {
        const auto endpoint = net::local_endpoint(socket);
        ports.push_back(endpoint ? endpoint->port : std::uint16_t{0});
    }
    return ports;
}

Result<std::vector<net::Socket>> duplicates_of(std::span<const net::Socket> sockets) {
    std::vector<net::Socket> copies;
    for (const net::Socket& socket : sockets) {
        net::Socket copy(fcntl(socket.descriptor(), F_DUPFD_CLOEXEC, 0));
        if (!copy.is_open()) {
            return fail(Errc::Io, "cannot duplicate a socket: " + net::system_message(errno));
        }
        copies.push_back(std::move(copy));
    }
    return copies;
}

}  // namespace fairlist::app
