#include "server/net/handed_socket.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <expected>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/stat.h>
#include <utility>

namespace fairlist::net {

namespace {

// Any port but the socket's own would do: nothing is ever sent there.
constexpr std::uint16_t kPortOfNobody = 1;

std::optional<int> option_of(const Socket& socket, int level, int name) noexcept {
    int value = 0;
    socklen_t size = sizeof(value);
    if (getsockopt(socket.descriptor(), level, name, &value, &size) != 0) {
        return std::nullopt;
    }
    return value;
}

bool is_connected(const Socket& socket) noexcept {
    SocketAddress peer{};
    socklen_t size = sizeof(peer);
    return getpeername(socket.descriptor(), &peer.base, &size) == 0;
}

// A UDP socket that was shut down for reading gives nothing any more, and yet takes its share.
bool is_shut_down(const Socket& socket) noexcept {
    pollfd state{.fd = socket.descriptor(), .events = POLLRDHUP, .revents = 0};
    return poll(&state, 1, 0) == 1 && (state.revents & POLLRDHUP) != 0;
}

Result<SocketKind> kind_of(const Socket& socket) {
    switch (option_of(socket, SOL_SOCKET, SO_PROTOCOL).value_or(-1)) {
        case IPPROTO_UDP:
            if (is_connected(socket) || is_shut_down(socket)) {
                return fail(Errc::Refused, "is a UDP socket that takes no queries");
            }
            return SocketKind::Udp;
        case IPPROTO_TCP:
            if (option_of(socket, SOL_SOCKET, SO_ACCEPTCONN).value_or(0) != 0) {
                return SocketKind::TcpListener;
            }
            if (is_connected(socket)) {
                return SocketKind::TcpConnection;
            }
            return fail(Errc::Refused, "is a TCP socket that neither listens nor is connected");
        default:
            return fail(Errc::Refused, "is neither UDP nor TCP");
    }
}

// Clients of both families in one socket would be known by addresses that no rule names.
bool takes_both_families(const Socket& socket, const Endpoint& endpoint) noexcept {
    return !endpoint.address.is_v4() &&
           option_of(socket, IPPROTO_IPV6, IPV6_V6ONLY).value_or(0) == 0;
}

Result<void> prepare(const HandedSocket& handed) {
    return handed.kind == SocketKind::Udp ? prepare_bound_udp(handed.socket, handed.endpoint)
                                          : prepare_bound_tcp(handed.socket, handed.endpoint);
}

Result<HandedSocket> recognise(Socket socket, std::uint64_t node) {
    const Result<SocketKind> kind = kind_of(socket);
    if (!kind) {
        return std::unexpected(kind.error());
    }
    const Result<Endpoint> endpoint = local_endpoint(socket);
    if (!endpoint) {
        return std::unexpected(endpoint.error());
    }
    if (endpoint->port == 0) {
        return fail(Errc::Refused, "is a socket without an address");
    }
    if (takes_both_families(socket, *endpoint)) {
        return fail(Errc::Refused,
                    fmt::format("listens on {} for IPv4 as well (a socket unit needs "
                                "BindIPv6Only=ipv6-only)",
                                to_string(*endpoint)));
    }
    HandedSocket handed{
        .kind = *kind, .endpoint = *endpoint, .node = node, .socket = std::move(socket)};
    if (Result<void> prepared = prepare(handed); !prepared) {
        return std::unexpected(prepared.error());
    }
    return handed;
}

}  // namespace

std::string handed_name(SocketKind kind, const Endpoint& endpoint) {
    if (kind == SocketKind::TcpConnection) {
        return "connection";
    }
    std::string name =
        fmt::format("{}-{}", kind == SocketKind::Udp ? "udp" : "tcp", to_string(endpoint));
    std::ranges::replace(name, ':', '_');
    return name;
}

Result<HandedSocket> take_over(int descriptor) {
    const std::string what = fmt::format("descriptor {}", descriptor);
    struct stat status{};
    if (fstat(descriptor, &status) != 0) {
        return fail(Errc::NotFound, what + (errno == EBADF ? " is closed" : " cannot be examined"));
    }
    if (!S_ISSOCK(status.st_mode)) {
        return fail(Errc::Refused, what + " is no socket");
    }
    // It came here by being inherited; it goes on only when it is handed over again.
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    Result<HandedSocket> handed = recognise(Socket(descriptor), status.st_ino);
    if (!handed) {
        return fail(handed.error().code, fmt::format("{} {}", what, handed.error().message));
    }
    return handed;
}

// The kernel spreads datagrams over the unconnected sockets of a port only. Connected to nobody's
// port at its own address, this one still gives what it holds, and sends to whom it is told.
bool leave_port_group(const HandedSocket& udp) noexcept {
    const Endpoint nobody{udp.endpoint.address, kPortOfNobody};
    const SocketAddress address = to_socket_address(nobody);
    return connect(udp.socket.descriptor(), &address.base, size_of(address)) == 0;
}

}  // namespace fairlist::net
