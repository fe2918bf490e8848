#include "server/app/unwanted_sockets.h"

#include "server/net/tcp_server.h"
#include "server/net/udp_server.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace fairlist::app {

namespace {

void empty_udp(net::HandedSocket handed, net::QueryHandler& handler, net::Counters& counters) {
    if (!net::leave_port_group(handed)) {
        spdlog::warn("{}: a query may be lost: the kernel keeps the socket in its group",
                     net::handed_name(handed.kind, handed.endpoint));
    }
    net::UdpServer server(std::move(handed.socket), "udp-last", handler, counters);
    server.request_stop();
    server.start();
    server.join();
}

void empty_tcp(std::vector<net::Socket> listeners, const net::SettingsBox& box,
               net::QueryHandler& handler, net::Counters& counters) {
    net::TcpServer server(std::move(listeners), box, handler, counters);
    if (Result<void> started = server.start(); !started) {
        spdlog::warn("connections are lost: {}", started.error().message);
        return;
    }
    server.request_stop(net::Ending::Close);
    server.join();
}

}  // namespace

void answer_and_close(std::vector<net::HandedSocket> sockets, const net::SettingsBox& box,
                      net::QueryHandler& handler, net::Counters& counters) {
    std::vector<net::Socket> listeners;
    for (net::HandedSocket& handed : sockets) {
        spdlog::info("{} is not wanted any more: it is answered and closed",
                     net::handed_name(handed.kind, handed.endpoint));
        if (handed.kind == net::SocketKind::Udp) {
            empty_udp(std::move(handed), handler, counters);
        } else if (handed.kind == net::SocketKind::TcpListener) {
            listeners.push_back(std::move(handed.socket));
        }
    }
    if (!listeners.empty()) {
        empty_tcp(std::move(listeners), box, handler, counters);
    }
}

}  // namespace fairlist::app
