#include "importer/dkim/dns_exchange.h"

#include "importer/fetch/descriptor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <span>
#include <sys/socket.h>
#include <system_error>
#include <vector>

namespace fairlist::importer {

namespace {

using PollEvents = decltype(pollfd::events);

constexpr std::size_t kDatagramBytesMax = 4096;

std::unexpected<Error> failed(const DnsServer& server, std::string_view why) {
    return fail(Errc::Io, fmt::format("DNS server {}: {}", to_string(server.address), why));
}

std::unexpected<Error> failed_errno(const DnsServer& server) {
    return failed(server, std::generic_category().message(errno));
}

// Waits until the socket can be read or written. Errors: the deadline has passed.
Result<void> wait_for(const DnsServer& server, const Descriptor& socket, PollEvents events,
                      Deadline deadline) {
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd watched{.fd = socket.get(), .events = events, .revents = 0};
        const int ready =
            left.count() <= 0 ? 0 : ::poll(&watched, 1, static_cast<int>(left.count()));
        if (ready > 0) {
            return {};
        }
        if (ready == 0) {
            return failed(server, "no reply in time");
        }
        if (errno != EINTR) {
            return failed_errno(server);
        }
    }
}

bool would_block() noexcept {
    return errno == EAGAIN || errno == EINTR;
}

template <typename T>
int connect_as(const Descriptor& socket, const T& address) {
    return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

int connect_to(const Descriptor& socket, const DnsServer& server) {
    if (server.address.is_v4()) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(server.port);
        to.sin_addr.s_addr = htonl(server.address.v4());
        return connect_as(socket, to);
    }
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(server.port);
    const auto bytes = server.address.to_bytes();
    std::memcpy(&to.sin6_addr, bytes.data(), bytes.size());
    return connect_as(socket, to);
}

// Connected, so that the kernel takes replies from this server only, to a port it chose at random.
Result<Descriptor> open_connected(const DnsServer& server, int type, Deadline deadline) {
    const int family = server.address.is_v4() ? AF_INET : AF_INET6;
    Descriptor socket(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) {
        return failed_errno(server);
    }
    if (connect_to(socket, server) == 0) {
        return socket;
    }
    if (errno != EINPROGRESS) {
        return failed_errno(server);
    }
    if (auto ready = wait_for(server, socket, POLLOUT, deadline); !ready) {
        return std::unexpected(ready.error());
    }
    int code = 0;
    socklen_t size = sizeof code;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &code, &size) != 0 || code != 0) {
        errno = code == 0 ? errno : code;
        return failed_errno(server);
    }
    return socket;
}

Result<DnsReply> ask_udp(const DnsServer& server, const DnsQuestion& question, Deadline deadline) {
    const auto socket = open_connected(server, SOCK_DGRAM, deadline);
    if (!socket) {
        return std::unexpected(socket.error());
    }
    const auto& bytes = question.bytes;
    if (::send(socket->get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) {
        return failed_errno(server);
    }
    std::array<std::uint8_t, kDatagramBytesMax> buffer{};
    for (std::size_t tries = 0; tries < kForeignRepliesMax; ++tries) {
        if (auto ready = wait_for(server, *socket, POLLIN, deadline); !ready) {
            return std::unexpected(ready.error());
        }
        const ssize_t got = ::recv(socket->get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && !would_block()) {
            return failed_errno(server);
        }
        const auto size = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        DnsReply reply = read_reply(question, std::span(buffer).first(size));
        if (reply.kind != ReplyKind::Foreign) {
            return reply;
        }
    }
    return failed(server, "too many replies to other questions");
}

Result<void> send_all(const DnsServer& server, const Descriptor& socket,
                      std::span<const std::uint8_t> bytes, Deadline deadline) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
            continue;
        }
        if (!would_block()) {
            return failed_errno(server);
        }
        if (auto ready = wait_for(server, socket, POLLOUT, deadline); !ready) {
            return ready;
        }
    }
    return {};
}

Result<void> receive_all(const DnsServer& server, const Descriptor& socket,
                         std::span<std::uint8_t> out, Deadline deadline) {
    while (!out.empty()) {
        if (auto ready = wait_for(server, socket, POLLIN, deadline); !ready) {
            return ready;
        }
        const ssize_t got = ::recv(socket.get(), out.data(), out.size(), 0);
        if (got == 0) {
            return failed(server, "the connection ended before the reply");
        }
        if (got < 0 && !would_block()) {
            return failed_errno(server);
        }
        out = out.subspan(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    return {};
}

// RFC 1035 section 4.2.2: two bytes of length before each message.
std::vector<std::uint8_t> with_length(const std::vector<std::uint8_t>& message) {
    std::vector<std::uint8_t> out = {static_cast<std::uint8_t>(message.size() >> 8U),
                                     static_cast<std::uint8_t>(message.size())};
    out.insert(out.end(), message.begin(), message.end());
    return out;
}

Result<DnsReply> ask_tcp(const DnsServer& server, const DnsQuestion& question, Deadline deadline) {
    const auto socket = open_connected(server, SOCK_STREAM, deadline);
    if (!socket) {
        return std::unexpected(socket.error());
    }
    std::array<std::uint8_t, 2> length{};
    auto done = send_all(server, *socket, with_length(question.bytes), deadline);
    if (done) {
        done = receive_all(server, *socket, length, deadline);
    }
    std::vector<std::uint8_t> message((std::size_t{length[0]} << 8U) | length[1]);
    if (done) {
        done = receive_all(server, *socket, message, deadline);
    }
    if (!done) {
        return std::unexpected(done.error());
    }
    DnsReply reply = read_reply(question, message);
    if (reply.kind == ReplyKind::Foreign || reply.kind == ReplyKind::Truncated) {
        return failed(server, "no whole reply over TCP");
    }
    return reply;
}

}  // namespace

Result<DnsReply> ask_server(const DnsServer& server, const DnsQuestion& question,
                            Deadline deadline) {
    auto reply = ask_udp(server, question, deadline);
    return reply && reply->kind == ReplyKind::Truncated ? ask_tcp(server, question, deadline)
                                                        : reply;
}

Result<DnsReply> ask_servers(std::span<const DnsServer> servers, const DnsQuestion& question,
                             Deadline end) {
    constexpr std::size_t kRounds = 2;
    std::size_t tries_left = kRounds * servers.size();
    Error last{Errc::Io, "no DNS server"};
    for (std::size_t round = 0; round < kRounds; ++round) {
        for (const DnsServer& server : servers) {
            const Deadline begin = std::chrono::steady_clock::now();
            const auto share = (end - begin) / static_cast<int>(tries_left--);
            auto reply = ask_server(server, question, begin + share);
            if (reply && reply->kind != ReplyKind::Failed) {
                return reply;
            }
            last = reply ? Error{Errc::Io, fmt::format("DNS server {}: cannot tell",
                                                       to_string(server.address))}
                         : reply.error();
        }
    }
    return std::unexpected(std::move(last));
}

}  // namespace fairlist::importer
