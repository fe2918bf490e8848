// Intake sockets: where mails and requests come in over TCP: those of the daemon before, or new
// ones.
#pragma once

#include "listing/base/result.h"
#include "server/app/handed_sockets.h"
#include "server/app/handover_list.h"
#include "server/app/roles.h"
#include "server/config/config.h"
#include "server/net/handed_socket.h"
#include "server/net/socket.h"

#include <cstdint>
#include <span>
#include <vector>

namespace fairlist::app {

// Listening, one for every listener of the configuration, in their order. The servers have
// duplicates, so that what connects while one daemon has ended and the next has not begun waits in
// these.
struct IntakeSockets {
    std::vector<net::Socket> lmtp{};
    std::vector<net::Socket> http{};

    [[nodiscard]] std::vector<NamedDescriptor> names() const;
    [[nodiscard]] std::vector<net::HandedSocket> hand_over() &&;
};

// Takes what fits out of `handed`, and opens what is missing; port 0 is always a new one. Errors:
// Io with the endpoint and the kernel's reason, Malformed (an address).
[[nodiscard]] Result<IntakeSockets> open_intake_sockets(const config::Config& config,
                                                        const Roles& roles, HandedSockets& handed);

[[nodiscard]] std::vector<std::uint16_t> ports_of(std::span<const net::Socket> sockets);

// Other descriptors of the same sockets. Errors: Io, when none is left.
[[nodiscard]] Result<std::vector<net::Socket>> duplicates_of(std::span<const net::Socket> sockets);

}  // namespace fairlist::app
