#include "server/app/handed_sockets.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace fairlist::app {

namespace {

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

std::vector<net::Socket> sockets_of(std::vector<net::HandedSocket> handed) {
    std::vector<net::Socket> sockets;
    sockets.reserve(handed.size());
    for (net::HandedSocket& one : handed) {
        sockets.push_back(std::move(one.socket));
    }
    return sockets;
}

}  // namespace

HandedSockets::HandedSockets(std::vector<net::HandedSocket> sockets) {
    for (net::HandedSocket& socket : sockets) {
        add(std::move(socket));
    }
}

void HandedSockets::add(net::HandedSocket socket) {
    if (nodes_.insert(socket.node).second) {
        sockets_.push_back(std::move(socket));
    }
}

std::vector<net::HandedSocket> HandedSockets::take(net::SocketKind kind,
                                                   const std::optional<net::Endpoint>& endpoint,
                                                   std::size_t most) {
    std::vector<net::HandedSocket> taken;
    std::vector<net::HandedSocket> left;
    for (net::HandedSocket& socket : sockets_) {
        const bool fits = socket.kind == kind && (!endpoint || socket.endpoint == *endpoint);
        (fits && taken.size() < most ? taken : left).push_back(std::move(socket));
    }
    sockets_ = std::move(left);
    return taken;
}

std::vector<net::Socket> HandedSockets::take_udp(const net::Endpoint& endpoint, std::size_t most) {
    return sockets_of(take(net::SocketKind::Udp, endpoint, most));
}

net::Socket HandedSockets::take_tcp(const net::Endpoint& endpoint) {
    std::vector<net::Socket> taken = sockets_of(take(net::SocketKind::TcpListener, endpoint, 1));
    return taken.empty() ? net::Socket() : std::move(taken.front());
}

std::vector<net::Socket> HandedSockets::take_connections() {
    return sockets_of(take(net::SocketKind::TcpConnection, std::nullopt, kAll));
}

std::vector<net::HandedSocket> HandedSockets::take_rest() {
    return std::exchange(sockets_, {});
}

std::optional<net::Endpoint> HandedSockets::any_port_of(const Address& address) const {
    const auto found = std::ranges::find_if(sockets_, [&](const net::HandedSocket& socket) {
        return socket.kind == net::SocketKind::Udp && socket.endpoint.address == address;
    });
    return found == sockets_.end() ? std::nullopt : std::optional(found->endpoint);
}

}  // namespace fairlist::app
