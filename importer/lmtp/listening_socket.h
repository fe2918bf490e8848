// Listening socket: where an LMTP server takes connections, and whom it believes.
#pragma once

#include "importer/fetch/descriptor.h"
#include "listing/base/result.h"
#include "listing/model/address.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace fairlist::importer {

inline constexpr int kListenBacklog = 128;

// TCP. `port` 0: the kernel chooses. Errors: Conflict (taken), Io.
[[nodiscard]] Result<Descriptor> listen_on(const Address& address, std::uint16_t port);

// A Unix socket with mode 0660. The file that a dead process left is replaced; it stays there when
// the socket is closed. Errors: OutOfRange (longer than a socket's path may be), Conflict (a living
// process listens there, or the path is something else), Io.
[[nodiscard]] Result<Descriptor> listen_on(const std::filesystem::path& path);

// Another descriptor of the same socket, which the caller has to close; -1: none is left.
[[nodiscard]] int duplicate(const Descriptor& socket);

[[nodiscard]] bool is_listening(int socket);

// AF_INET, AF_INET6 or AF_UNIX; AF_UNSPEC: it is no socket.
[[nodiscard]] int family_of(int socket);

// The port of a TCP socket; 0: none.
[[nodiscard]] std::uint16_t port_of(int socket);

// Whether the peer of a connection is inside `trusted`. Over a Unix socket it always is: the mode
// of the file said who may connect.
[[nodiscard]] bool is_trusted_peer(int connection, std::span<const Prefix> trusted);

}  // namespace fairlist::importer
