#include "server/net/socket.h"

#include <fmt/format.h>

#include <cerrno>
#include <expected>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>

namespace fairlist::net {

namespace {

// Answers are small: a client that reads slowly may not hold megabytes of the kernel's memory.
constexpr int kTcpSendBufferBytes = 256 << 10;
constexpr int kTcpBacklog = 1024;

bool set_option(const Socket& socket, int level, int name, int value) noexcept {
    return setsockopt(socket.descriptor(), level, name, &value, sizeof(value)) == 0;
}

std::unexpected<Error> failed(const char* what, const Endpoint& endpoint) {
    const int error = errno;
    const char* hint = error == EACCES && endpoint.port < 1024
                           ? " (ports below 1024 need CAP_NET_BIND_SERVICE)"
                           : "";
    return fail(Errc::Io, fmt::format("{}: {}: {}{}", to_string(endpoint), what,
                                      system_message(error), hint));
}

Result<Socket> open_socket(const Endpoint& endpoint, int type) {
    const int family = endpoint.address.is_v4() ? AF_INET : AF_INET6;
    Socket socket(::socket(family, type | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) {
        return failed("cannot open a socket", endpoint);
    }
    if (family == AF_INET6 && !set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1)) {
        return failed("cannot set IPV6_V6ONLY", endpoint);
    }
    return socket;
}

bool bind_to(const Socket& socket, const Endpoint& endpoint) noexcept {
    const SocketAddress address = to_socket_address(endpoint);
    return ::bind(socket.descriptor(), &address.base, size_of(address)) == 0;
}

// The kernel's limits hold for all but root, who may pass them; less is no reason not to serve.
void widen_buffers(const Socket& socket) noexcept {
    if (!set_option(socket, SOL_SOCKET, SO_RCVBUFFORCE, kUdpBufferBytes)) {
        set_option(socket, SOL_SOCKET, SO_RCVBUF, kUdpBufferBytes);
    }
    if (!set_option(socket, SOL_SOCKET, SO_SNDBUFFORCE, kUdpBufferBytes)) {
        set_option(socket, SOL_SOCKET, SO_SNDBUF, kUdpBufferBytes);
    }
}

// A path MTU is learnt from ICMP that anyone can forge: answers stay below every sane one instead
// (RFC 9715 section 3.1).
void ignore_path_mtu(const Socket& socket, bool is_v4) noexcept {
    if (is_v4) {
        set_option(socket, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
    } else {
        set_option(socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
    }
}

bool ask_for_destination(const Socket& socket, bool is_v4) noexcept {
    return is_v4 ? set_option(socket, IPPROTO_IP, IP_PKTINFO, 1)
                 : set_option(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

Result<void> set_udp_options(const Socket& socket, const Endpoint& endpoint) {
    const bool is_v4 = endpoint.address.is_v4();
    widen_buffers(socket);
    ignore_path_mtu(socket, is_v4);
    if (endpoint.is_wildcard() && !ask_for_destination(socket, is_v4)) {
        return failed("cannot ask for destination addresses", endpoint);
    }
    return {};
}

// Connections take these over from their listener.
void set_tcp_options(const Socket& socket) noexcept {
    set_option(socket, SOL_SOCKET, SO_SNDBUF, kTcpSendBufferBytes);
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

bool set_blocking(const Socket& socket, bool blocking) noexcept {
    const int flags = fcntl(socket.descriptor(), F_GETFL);
    const int wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    return flags >= 0 && (wanted == flags || fcntl(socket.descriptor(), F_SETFL, wanted) == 0);
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
    if (this != &other) {
        close();
        descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
}

void Socket::close() noexcept {
    if (is_open()) {
        ::close(std::exchange(descriptor_, -1));
    }
}

void Socket::abort() noexcept {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close();
}

std::string system_message(int error) {
    return std::generic_category().message(error);
}

Result<Socket> open_udp(const Endpoint& endpoint, PortShare share) {
    Result<Socket> socket = open_socket(endpoint, SOCK_DGRAM);
    if (!socket) {
        return socket;
    }
    if (Result<void> set = set_udp_options(*socket, endpoint); !set) {
        return std::unexpected(set.error());
    }
    if (share == PortShare::Joining && !set_option(*socket, SOL_SOCKET, SO_REUSEPORT, 1)) {
        return failed("cannot set SO_REUSEPORT", endpoint);
    }
    if (!bind_to(*socket, endpoint)) {
        return failed("cannot bind UDP", endpoint);
    }
    if (share == PortShare::First && !set_option(*socket, SOL_SOCKET, SO_REUSEPORT, 1)) {
        return failed("cannot set SO_REUSEPORT", endpoint);
    }
    return socket;
}

Result<Socket> open_tcp(const Endpoint& endpoint) {
    Result<Socket> socket = open_socket(endpoint, SOCK_STREAM | SOCK_NONBLOCK);
    if (!socket) {
        return socket;
    }
    set_option(*socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set_tcp_options(*socket);
    if (!bind_to(*socket, endpoint)) {
        return failed("cannot bind TCP", endpoint);
    }
    if (::listen(socket->descriptor(), kTcpBacklog) != 0) {
        return failed("cannot listen", endpoint);
    }
    return socket;
}

Result<void> prepare_bound_udp(const Socket& socket, const Endpoint& endpoint) {
    if (!set_blocking(socket, true)) {
        return failed("cannot make a UDP socket blocking", endpoint);
    }
    // For the sockets of further workers to join it.
    if (!set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1)) {
        return failed("cannot set SO_REUSEPORT", endpoint);
    }
    return set_udp_options(socket, endpoint);
}

Result<void> prepare_bound_tcp(const Socket& socket, const Endpoint& endpoint) {
    if (!set_blocking(socket, false)) {
        return failed("cannot make a TCP socket non-blocking", endpoint);
    }
    set_tcp_options(socket);
    return {};
}

int receive_buffer_bytes(const Socket& socket) noexcept {
    int bytes = 0;
    socklen_t size = sizeof(bytes);
    return getsockopt(socket.descriptor(), SOL_SOCKET, SO_RCVBUF, &bytes, &size) == 0 ? bytes : 0;
}

bool set_busy_poll(const Socket& socket, unsigned microseconds) noexcept {
    return set_option(socket, SOL_SOCKET, SO_BUSY_POLL, static_cast<int>(microseconds));
}

Result<Endpoint> local_endpoint(const Socket& socket) {
    SocketAddress address{};
    socklen_t size = sizeof(address);
    if (getsockname(socket.descriptor(), &address.base, &size) != 0) {
        return fail(Errc::Io, "cannot read a socket's address: " + system_message(errno));
    }
    const std::optional<Endpoint> endpoint = to_endpoint(address, size);
    if (!endpoint) {
        return fail(Errc::Io, "a socket has neither an IPv4 nor an IPv6 address");
    }
    return *endpoint;
}

}  // namespace fairlist::net
