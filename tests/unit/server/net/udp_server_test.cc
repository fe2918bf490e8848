#include "server/net/udp_server.h"

#include "tests/unit/server/net/echo_handler.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::net {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A hang is a failure, not an endless test.
constexpr timeval kPatience = {.tv_sec = 10, .tv_usec = 0};

class Client {
  public:
    explicit Client(const std::string& address) {
        Result<Socket> socket = open_udp({*parse_address(address), 0}, PortShare::First);
        EXPECT_TRUE(socket.has_value());
        socket_ = std::move(*socket);
        setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    }

    void say(const Endpoint& to, const Bytes& bytes) {
        const SocketAddress address = to_socket_address(to);
        EXPECT_EQ(sendto(socket_.descriptor(), bytes.data(), bytes.size(), 0, &address.base,
                         size_of(address)),
                  static_cast<ssize_t>(bytes.size()));
    }
    // What comes next, and from where.
    std::pair<Bytes, Endpoint> hear() {
        Bytes bytes(65536);
        SocketAddress address{};
        socklen_t size = sizeof(address);
        const ssize_t got =
            recvfrom(socket_.descriptor(), bytes.data(), bytes.size(), 0, &address.base, &size);
        EXPECT_GE(got, 0) << "no answer";
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return {bytes, to_endpoint(address, size).value_or(Endpoint{})};
    }

  private:
    Socket socket_;
};

class UdpServerOn : public testing::Test {
  protected:
    void serve(const std::string& address) {
        Result<Socket> socket = open_udp({*parse_address(address), 0}, PortShare::First);
        ASSERT_TRUE(socket.has_value()) << socket.error().message;
        endpoint_ = *local_endpoint(*socket);
        server_ = std::make_unique<UdpServer>(std::move(*socket), "udp-test", handler_, counters_);
        server_->start();
    }
    void stop() {
        server_->request_stop();
        server_->join();
    }
    Endpoint at(const std::string& address) const {
        return {*parse_address(address), endpoint_.port};
    }

    EchoHandler handler_;
    Counters counters_;
    Endpoint endpoint_;
    std::unique_ptr<UdpServer> server_;
};

TEST_F(UdpServerOn, Loopback) {
    serve("127.0.0.1");
    Client client("127.0.0.1");
    client.say(endpoint_, {1, 2, 3});
    const auto [answer, from] = client.hear();
    EXPECT_EQ(answer, (Bytes{1, 2, 3}));
    EXPECT_EQ(from, endpoint_);
    stop();
    EXPECT_FALSE(handler_.answered_outside_batch());
    EXPECT_FALSE(handler_.last_client().over_tcp);
    EXPECT_EQ(handler_.last_client().address, *parse_address("127.0.0.1"));
}

TEST_F(UdpServerOn, LoopbackV6) {
    serve("::1");
    Client client("::1");
    client.say(endpoint_, {4, 5});
    const auto [answer, from] = client.hear();
    EXPECT_EQ(answer, (Bytes{4, 5}));
    EXPECT_EQ(from, endpoint_);
    stop();
}

TEST_F(UdpServerOn, WildcardAnswersFromTheAddressThatWasAsked) {
    serve("0.0.0.0");
    Client client("127.0.0.1");
    for (const char* asked : {"127.0.0.2", "127.0.0.3", "127.0.0.1"}) {
        client.say(at(asked), {7});
        EXPECT_EQ(client.hear().second, at(asked)) << asked;
    }
    stop();
}

TEST_F(UdpServerOn, WildcardV6AnswersFromTheAddressThatWasAsked) {
    serve("::");
    Client client("::1");
    client.say(at("::1"), {7});
    EXPECT_EQ(client.hear().second, at("::1"));
    stop();
}

TEST_F(UdpServerOn, NoAnswerForSilenceAndTooLong) {
    serve("127.0.0.1");
    Client client("127.0.0.1");
    client.say(endpoint_, {0xFF});
    client.say(endpoint_, Bytes(kUdpQueryBytesMax + 1, 1));
    client.say(endpoint_, Bytes(kUdpQueryBytesMax, 2));
    EXPECT_EQ(client.hear().first, Bytes(kUdpQueryBytesMax, 2));
    stop();
    EXPECT_EQ(handler_.answers(), 2U);
    EXPECT_EQ(counters_.dropped.value(), 1U);
}

TEST_F(UdpServerOn, EveryDatagramOfManyIsAnsweredOnce) {
    serve("127.0.0.1");
    Client client("127.0.0.1");
    constexpr unsigned kDatagrams = 1000;
    std::vector<unsigned> seen(kDatagrams);
    const auto numbered = [](unsigned number) {
        return Bytes{0, static_cast<std::uint8_t>(number >> 8U),
                     static_cast<std::uint8_t>(number & 0xFFU)};
    };
    for (unsigned number = 0; number < kDatagrams; ++number) {
        client.say(endpoint_, numbered(number));
    }
    for (unsigned i = 0; i < kDatagrams; ++i) {
        const Bytes answer = client.hear().first;
        ASSERT_EQ(answer.size(), 3U);
        ++seen[static_cast<unsigned>(answer[1]) << 8U | answer[2]];
    }
    EXPECT_EQ(seen, std::vector<unsigned>(kDatagrams, 1));
    stop();
    EXPECT_LE(handler_.batches(), kDatagrams);
}

// What has reached the socket before the stop is answered, although no thread was reading yet.
TEST_F(UdpServerOn, StopAnswersWhatIsInHand) {
    Result<Socket> socket = open_udp({*parse_address("127.0.0.1"), 0}, PortShare::First);
    ASSERT_TRUE(socket.has_value());
    endpoint_ = *local_endpoint(*socket);
    server_ = std::make_unique<UdpServer>(std::move(*socket), "udp-test", handler_, counters_);
    Client client("127.0.0.1");
    constexpr unsigned kDatagrams = 200;
    for (unsigned i = 0; i < kDatagrams; ++i) {
        client.say(endpoint_, {9});
    }
    server_->request_stop();
    server_->start();
    server_->join();
    for (unsigned i = 0; i < kDatagrams; ++i) {
        ASSERT_EQ(client.hear().first, Bytes{9});
    }
    EXPECT_EQ(handler_.answers(), kDatagrams);
}

TEST_F(UdpServerOn, StopsWhenIdle) {
    serve("127.0.0.1");
    stop();
    EXPECT_EQ(handler_.answers(), 0U);
}

// A stop leaves the socket as it was: the next server answers by it, also what came in between.
TEST_F(UdpServerOn, TheNextServerGoesOnWithTheSocket) {
    serve("127.0.0.1");
    Client client("127.0.0.1");
    for (std::uint8_t round = 0; round < 50; ++round) {
        client.say(endpoint_, {round, 1});
        EXPECT_EQ(client.hear().first, (Bytes{round, 1}));
        stop();
        client.say(endpoint_, {round, 2});
        server_ = std::make_unique<UdpServer>(server_->release(), "udp-test", handler_, counters_);
        server_->start();
        EXPECT_EQ(client.hear().first, (Bytes{round, 2}));
    }
    stop();
    EXPECT_EQ(handler_.answers(), 100U);
}

// Signals that come at any moment end no batch and lose nothing.
TEST_F(UdpServerOn, StopsAtAnyMomentOfABusyWorker) {
    serve("127.0.0.1");
    Client client("127.0.0.1");
    for (unsigned round = 0; round < 200; ++round) {
        constexpr std::uint8_t kDatagrams = 20;
        for (std::uint8_t number = 0; number < kDatagrams; ++number) {
            client.say(endpoint_, {number});
        }
        stop();
        for (std::uint8_t number = 0; number < kDatagrams; ++number) {
            ASSERT_EQ(client.hear().first, Bytes{number});
        }
        server_ = std::make_unique<UdpServer>(server_->release(), "udp-test", handler_, counters_);
        server_->start();
    }
    stop();
}

TEST(OpenUdp, WorkersShareAPortThatNobodyElseHas) {
    const Endpoint any{*parse_address("127.0.0.1"), 0};
    Result<Socket> first = open_udp(any, PortShare::First);
    ASSERT_TRUE(first.has_value());
    const Endpoint endpoint = *local_endpoint(*first);
    EXPECT_NE(endpoint.port, 0);
    EXPECT_TRUE(open_udp(endpoint, PortShare::Joining).has_value());
    const Result<Socket> second_daemon = open_udp(endpoint, PortShare::First);
    ASSERT_FALSE(second_daemon.has_value());
    EXPECT_EQ(second_daemon.error().code, Errc::Io);
    EXPECT_NE(second_daemon.error().message.find("Address already in use"), std::string::npos);
}

TEST(OpenUdp, AddressOfNobodyIsAnError) {
    const Result<Socket> socket = open_udp({*parse_address("192.0.2.77"), 0}, PortShare::First);
    ASSERT_FALSE(socket.has_value());
    EXPECT_NE(socket.error().message.find("192.0.2.77:0: cannot bind UDP"), std::string::npos);
}

}  // namespace
}  // namespace fairlist::net
