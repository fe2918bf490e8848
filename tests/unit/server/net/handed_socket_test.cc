#include "server/net/handed_socket.h"

#include <gtest/gtest.h>

#include <array>
#include <fcntl.h>
#include <functional>
#include <string>
#include <unistd.h>
#include <utility>

namespace fairlist::net {
namespace {

Endpoint loopback(std::uint16_t port = 0) {
    return {*parse_address("127.0.0.1"), port};
}

int open_plain(int family, int type, int protocol = 0) {
    return ::socket(family, type | SOCK_CLOEXEC, protocol);
}

int bound(int descriptor, const Endpoint& endpoint) {
    const SocketAddress address = to_socket_address(endpoint);
    EXPECT_EQ(bind(descriptor, &address.base, size_of(address)), 0);
    return descriptor;
}

int connected_udp() {
    const int descriptor = bound(open_plain(AF_INET, SOCK_DGRAM), loopback());
    const SocketAddress peer = to_socket_address(loopback(9));
    EXPECT_EQ(connect(descriptor, &peer.base, size_of(peer)), 0);
    return descriptor;
}

int shut_down_udp() {
    const int descriptor = bound(open_plain(AF_INET, SOCK_DGRAM), loopback());
    shutdown(descriptor, SHUT_RD);
    return descriptor;
}

int dual_stack_tcp() {
    const int descriptor = open_plain(AF_INET6, SOCK_STREAM);
    constexpr int kOff = 0;
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &kOff, sizeof(kOff));
    bound(descriptor, {*parse_address("::"), 0});
    EXPECT_EQ(listen(descriptor, 1), 0);
    return descriptor;
}

int closed_descriptor() {
    const int descriptor = open_plain(AF_INET, SOCK_DGRAM);
    close(descriptor);
    return descriptor;
}

struct HandedName {
    std::string name;
    SocketKind kind;
    std::string address;
    std::uint16_t port;
    std::string text;
};

class HandedNames : public testing::TestWithParam<HandedName> {};

TEST_P(HandedNames, HaveNoColons) {
    EXPECT_EQ(handed_name(GetParam().kind, {*parse_address(GetParam().address), GetParam().port}),
              GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HandedNames,
    testing::Values(HandedName{"udp", SocketKind::Udp, "192.0.2.1", 53, "udp-192.0.2.1_53"},
                    HandedName{"tcp", SocketKind::TcpListener, "0.0.0.0", 5353, "tcp-0.0.0.0_5353"},
                    HandedName{"v6", SocketKind::Udp, "2001:db8::1", 53, "udp-[2001_db8__1]_53"},
                    HandedName{"connection", SocketKind::TcpConnection, "192.0.2.1", 53,
                               "connection"}),
    [](const auto& row) { return row.param.name; });

struct GoodRow {
    std::string name;
    SocketKind kind;
    std::function<Result<Socket>()> open;
    bool is_non_blocking;
};

class HandedSocketGood : public testing::TestWithParam<GoodRow> {};

// Whatever flags it comes with, it leaves with those that its server needs.
TEST_P(HandedSocketGood, IsTakenOver) {
    Result<Socket> socket = GetParam().open();
    ASSERT_TRUE(socket.has_value()) << socket.error().message;
    const Endpoint endpoint = *local_endpoint(*socket);
    const int descriptor = socket->release();
    fcntl(descriptor, F_SETFD, 0);
    fcntl(descriptor, F_SETFL, GetParam().is_non_blocking ? 0 : O_NONBLOCK);
    const Result<HandedSocket> handed = take_over(descriptor);
    ASSERT_TRUE(handed.has_value()) << handed.error().message;
    EXPECT_EQ(handed->kind, GetParam().kind);
    EXPECT_EQ(handed->endpoint, endpoint);
    EXPECT_EQ(handed->socket.descriptor(), descriptor);
    EXPECT_EQ(fcntl(descriptor, F_GETFD), FD_CLOEXEC);
    EXPECT_EQ((fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0, GetParam().is_non_blocking);
}

const std::array kGoodRows = {
    GoodRow{"udp", SocketKind::Udp, [] { return open_udp(loopback(), PortShare::First); }, false},
    GoodRow{"udp_of_others", SocketKind::Udp,
            [] { return Result<Socket>(bound(open_plain(AF_INET, SOCK_DGRAM), loopback())); },
            false},
    GoodRow{"udp_v6", SocketKind::Udp,
            [] { return open_udp({*parse_address("::1"), 0}, PortShare::First); }, false},
    GoodRow{"tcp", SocketKind::TcpListener, [] { return open_tcp(loopback()); }, true},
};

INSTANTIATE_TEST_SUITE_P(Table, HandedSocketGood, testing::ValuesIn(kGoodRows),
                         [](const auto& row) { return row.param.name; });

struct BadRow {
    std::string name;
    std::function<int()> open;
    std::string told;
    bool is_closed;
};

class HandedSocketBad : public testing::TestWithParam<BadRow> {};

TEST_P(HandedSocketBad, IsRefusedWithTheReason) {
    const int descriptor = GetParam().open();
    ASSERT_GE(descriptor, 0);
    const Result<HandedSocket> handed = take_over(descriptor);
    ASSERT_FALSE(handed.has_value());
    EXPECT_EQ(handed.error().message.find("descriptor " + std::to_string(descriptor)), 0U);
    EXPECT_NE(handed.error().message.find(GetParam().told), std::string::npos)
        << handed.error().message;
    EXPECT_EQ(fcntl(descriptor, F_GETFD) == -1, GetParam().is_closed);
    close(descriptor);
}

const std::array kBadRows = {
    BadRow{"closed", closed_descriptor, "is closed", true},
    BadRow{"file", [] { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }, "is no socket", false},
    BadRow{"unix", [] { return open_plain(AF_UNIX, SOCK_DGRAM); }, "is neither UDP nor TCP", true},
    BadRow{"udp_without_address", [] { return open_plain(AF_INET, SOCK_DGRAM); },
           "is a socket without an address", true},
    BadRow{"udp_connected", connected_udp, "is a UDP socket that takes no queries", true},
    BadRow{"udp_shut_down", shut_down_udp, "is a UDP socket that takes no queries", true},
    BadRow{"tcp_that_does_not_listen",
           [] { return bound(open_plain(AF_INET, SOCK_STREAM), loopback()); },
           "neither listens nor is connected", true},
    BadRow{"both_families", dual_stack_tcp, "for IPv4 as well", true},
};

INSTANTIATE_TEST_SUITE_P(Table, HandedSocketBad, testing::ValuesIn(kBadRows),
                         [](const auto& row) { return row.param.name; });

// Out of its port's group a socket gives what it has, and the other one gets everything new.
TEST(HandedSocket, LeavesItsPortGroup) {
    Result<Socket> staying = open_udp(loopback(), PortShare::First);
    ASSERT_TRUE(staying.has_value());
    const Endpoint endpoint = *local_endpoint(*staying);
    Result<Socket> joined = open_udp(endpoint, PortShare::Joining);
    ASSERT_TRUE(joined.has_value());
    const Result<HandedSocket> leaving = take_over(joined->release());
    ASSERT_TRUE(leaving.has_value());
    const auto send_many = [&] {
        const SocketAddress to = to_socket_address(endpoint);
        for (unsigned i = 0; i < 200; ++i) {  // each from a port of its own
            const Socket client(open_plain(AF_INET, SOCK_DGRAM));
            EXPECT_EQ(sendto(client.descriptor(), "x", 1, 0, &to.base, size_of(to)), 1);
        }
    };
    const auto count_in = [](const Socket& socket) {
        unsigned count = 0;
        char byte = 0;
        while (count < 1000 && recv(socket.descriptor(), &byte, 1, MSG_DONTWAIT) == 1) {
            ++count;
        }
        return count;
    };
    send_many();
    ASSERT_TRUE(leave_port_group(*leaving));
    send_many();
    const unsigned left = count_in(leaving->socket);
    const unsigned stayed = count_in(*staying);
    EXPECT_GT(left, 0U);
    EXPECT_GT(stayed, 200U);
    EXPECT_EQ(left + stayed, 400U);
    send_many();
    EXPECT_EQ(count_in(leaving->socket), 0U);
    EXPECT_EQ(count_in(*staying), 200U);
}

}  // namespace
}  // namespace fairlist::net
