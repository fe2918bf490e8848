// Listeners: the bound sockets of every configured address.
#pragma once

#include "listing/base/result.h"
#include "server/app/handed_sockets.h"
#include "server/config/config.h"
#include "server/net/socket.h"

#include <vector>

namespace fairlist::app {

// UDP and TCP of one address, on the same port: who gets a truncated answer comes back by TCP to
// the port that he asked.
struct Listener {
    net::Endpoint endpoint;        // with the port that was chosen
    std::vector<net::Socket> udp;  // one a worker
    net::Socket tcp;
};

// Takes what fits out of `handed`, and opens what is missing. Port 0 fits any port of that address
// that no other listener asks for. Errors: Malformed for an address, Io with the endpoint and the
// kernel's reason.
[[nodiscard]] Result<std::vector<Listener>> open_listeners(
    const std::vector<config::Listener>& addresses, unsigned workers, HandedSockets& handed);

}  // namespace fairlist::app
