// Socket: an open file descriptor of the kernel's, closed with its owner.
#pragma once

#include "listing/base/result.h"
#include "server/net/endpoint.h"

#include <cstdint>
#include <string>
#include <utility>

namespace fairlist::net {

class Socket {
  public:
    Socket() = default;
    explicit Socket(int descriptor) noexcept : descriptor_(descriptor) {}
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Socket& operator=(Socket&& other) noexcept;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { close(); }

    [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    void close() noexcept;
    // The descriptor, which is the caller's from here on.
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
    // Throws away what the peer has not read yet, and tells it so (RST).
    void abort() noexcept;

  private:
    int descriptor_ = -1;
};

// The text of an errno value.
[[nodiscard]] std::string system_message(int error);

// Whether a UDP socket is the first on its port. The first must find the port free, so that a
// second daemon started by mistake fails instead of taking half of the queries; the others join it.
enum class PortShare : std::uint8_t { First, Joining };

// Bound and blocking, ready for a worker. Port 0: the kernel chooses. Errors: Io, with the endpoint
// and the reason.
[[nodiscard]] Result<Socket> open_udp(const Endpoint& endpoint, PortShare share);

// Bound, listening and non-blocking.
[[nodiscard]] Result<Socket> open_tcp(const Endpoint& endpoint);

// The options that open_udp() and open_tcp() give, for a socket that is bound already, whoever has
// opened it. Errors: Io, with the endpoint and the reason.
[[nodiscard]] Result<void> prepare_bound_udp(const Socket& socket, const Endpoint& endpoint);
[[nodiscard]] Result<void> prepare_bound_tcp(const Socket& socket, const Endpoint& endpoint);

// What the kernel may keep for a UDP socket until a worker takes it, and what is asked for: enough
// for 5,000 small queries even where each takes 1.5 KiB of the kernel's memory.
inline constexpr int kUdpBufferBytes = 4 << 20;
// 0: not to be had. The kernel counts its own costs in, so it gives twice what was asked for.
[[nodiscard]] int receive_buffer_bytes(const Socket& socket) noexcept;

// A wait on the socket first asks the network driver for packets, this long (SO_BUSY_POLL in
// socket(7)); 0: not at all. More than sysctl net.core.busy_read needs CAP_NET_ADMIN. Returns
// whether the kernel agreed.
[[nodiscard]] bool set_busy_poll(const Socket& socket, unsigned microseconds) noexcept;

[[nodiscard]] Result<Endpoint> local_endpoint(const Socket& socket);

}  // namespace fairlist::net
