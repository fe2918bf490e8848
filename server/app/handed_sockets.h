// HandedSockets: the sockets of a former daemon or of systemd, until a listener wants them.
#pragma once

#include "server/net/handed_socket.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace fairlist::app {

class HandedSockets {
  public:
    HandedSockets() = default;
    explicit HandedSockets(std::vector<net::HandedSocket> sockets);

    // A second descriptor of a socket that is there already is closed.
    void add(net::HandedSocket socket);

    // Empty: none is here for that endpoint, or none is left.
    [[nodiscard]] std::vector<net::Socket> take_udp(const net::Endpoint& endpoint,
                                                    std::size_t most);
    // Not open: none is here.
    [[nodiscard]] net::Socket take_tcp(const net::Endpoint& endpoint);
    [[nodiscard]] std::vector<net::Socket> take_connections();
    // What nobody has taken.
    [[nodiscard]] std::vector<net::HandedSocket> take_rest();

    // The first UDP listener at that address, on whatever port, that is still here. Of TCP alone
    // are those that take in mails and requests.
    [[nodiscard]] std::optional<net::Endpoint> any_port_of(const Address& address) const;

    [[nodiscard]] std::size_t size() const noexcept { return sockets_.size(); }

  private:
    [[nodiscard]] std::vector<net::HandedSocket> take(net::SocketKind kind,
                                                      const std::optional<net::Endpoint>& endpoint,
                                                      std::size_t most);

    std::vector<net::HandedSocket> sockets_;
    std::set<std::uint64_t> nodes_;
};

}  // namespace fairlist::app
