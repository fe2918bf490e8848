// HandedSocket: a socket that another process has opened, and what it turns out to be.
#pragma once

#include "listing/base/result.h"
#include "server/net/socket.h"

#include <cstdint>
#include <string>

namespace fairlist::net {

enum class SocketKind : std::uint8_t { Udp, TcpListener, TcpConnection };

struct HandedSocket {
    SocketKind kind = SocketKind::Udp;
    Endpoint endpoint;       // the local one
    std::uint64_t node = 0;  // the kernel's number: the same in two descriptors of one socket
    Socket socket;
};

// "udp-192.0.2.1_53", "tcp-[2001_db8__1]_53"; "connection" for every connection. Without colons and
// blanks, because those separate names in LISTEN_FDNAMES (sd_listen_fds(3)) and in ours.
[[nodiscard]] std::string handed_name(SocketKind kind, const Endpoint& endpoint);

// Asks the kernel what the descriptor is, and takes it over when it can be served. Errors: why not,
// as "descriptor 7 is closed"; a socket is then closed, and anything else is left alone.
[[nodiscard]] Result<HandedSocket> take_over(int descriptor);

// Keeps new datagrams away from a socket that shares its port with others, so that it can be
// emptied and closed without losing any. False when the kernel will not.
[[nodiscard]] bool leave_port_group(const HandedSocket& udp) noexcept;

}  // namespace fairlist::net
