#include "server/net/tcp_server.h"

#include "tests/unit/server/net/echo_handler.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

namespace fairlist::net {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A hang is a failure, not an endless test.
constexpr timeval kPatience = {.tv_sec = 10, .tv_usec = 0};

const Bytes kMessage = {0, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

class Client {
  public:
    // `from` is a local address, so that several networks can ask.
    explicit Client(const Endpoint& server, const std::string& from = "127.0.0.1")
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
        const SocketAddress source = to_socket_address({*parse_address(from), 0});
        EXPECT_EQ(bind(socket_.descriptor(), &source.base, size_of(source)), 0);
        const SocketAddress target = to_socket_address(server);
        EXPECT_EQ(connect(socket_.descriptor(), &target.base, size_of(target)), 0);
    }

    // False when the server has closed.
    bool say(const Bytes& bytes) {
        return send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    // `size` bytes, or fewer when the server closes.
    Bytes hear(std::size_t size) {
        Bytes bytes(size);
        std::size_t heard = 0;
        while (heard < size) {
            const ssize_t got = recv(socket_.descriptor(), bytes.data() + heard, size - heard, 0);
            if (got <= 0) {
                EXPECT_TRUE(got == 0 || errno != EAGAIN) << "neither answer nor end";
                break;
            }
            heard += static_cast<std::size_t>(got);
        }
        bytes.resize(heard);
        return bytes;
    }
    bool is_served() { return say(kMessage) && hear(kMessage.size()) == kMessage; }
    bool is_closed() { return hear(1).empty(); }

  private:
    Socket socket_;
};

class TcpServerWith : public testing::Test {
  protected:
    void serve(const TcpLimits& limits) {
        box_ = std::make_unique<SettingsBox>(settings(limits));
        Result<Socket> socket = open_tcp({*parse_address("127.0.0.1"), 0});
        ASSERT_TRUE(socket.has_value()) << socket.error().message;
        endpoint_ = *local_endpoint(*socket);
        std::vector<Socket> listeners;
        listeners.push_back(std::move(*socket));
        server_ = std::make_unique<TcpServer>(std::move(listeners), *box_, handler_, counters_);
        ASSERT_TRUE(server_->start().has_value());
    }
    static std::shared_ptr<const Settings> settings(const TcpLimits& limits) {
        const dns::CookieSecret secret{};
        return std::make_shared<const Settings>(
            Settings{.zones = nullptr,
                     .cookies = dns::CookieSigner(std::span(&secret, 1)),
                     .nsid = {},
                     .udp_bytes_max = dns::kUdpBytesMaxDefault,
                     .rate = {},
                     .tcp = limits});
    }
    void stop() {
        server_->request_stop();
        server_->join();
    }

    EchoHandler handler_;
    Counters counters_;
    Endpoint endpoint_;
    std::unique_ptr<SettingsBox> box_;
    std::unique_ptr<TcpServer> server_;
};

TEST_F(TcpServerWith, ManyQuestionsOnOneConnection) {
    serve({});
    Client client(endpoint_);
    for (unsigned i = 0; i < 100; ++i) {
        ASSERT_TRUE(client.is_served());
    }
    stop();
    EXPECT_TRUE(client.is_closed());
    EXPECT_FALSE(handler_.answered_outside_batch());
    EXPECT_EQ(counters_.tcp_opened.value(), 1U);
    EXPECT_EQ(counters_.tcp_open.value(), 0U);
}

TEST_F(TcpServerWith, IdleTimeoutCloses) {
    serve({.idle_timeout_ms = 100});
    Client client(endpoint_);
    EXPECT_TRUE(client.is_closed());
    stop();
    EXPECT_EQ(counters_.tcp_timed_out.value(), 1U);
}

TEST_F(TcpServerWith, IoTimeoutClosesABegunMessage) {
    serve({.idle_timeout_ms = 3'600'000, .io_timeout_ms = 100});
    Client client(endpoint_);
    ASSERT_TRUE(client.say({'G', 'E', 'T', ' ', '/'}));
    EXPECT_TRUE(client.is_closed());
    stop();
    EXPECT_EQ(counters_.tcp_timed_out.value(), 1U);
}

TEST_F(TcpServerWith, TotalTimeoutClosesABusyConnection) {
    serve({.total_timeout_ms = 200});
    Client client(endpoint_);
    unsigned served = 0;
    constexpr unsigned kMany = 100'000'000;
    while (served < kMany && client.is_served()) {
        ++served;
    }
    EXPECT_LT(served, kMany);
    stop();
    EXPECT_EQ(counters_.tcp_timed_out.value(), 1U);
}

TEST_F(TcpServerWith, SlowReaderIsCut) {
    serve({.idle_timeout_ms = 3'600'000, .io_timeout_ms = 100});
    Client client(endpoint_);
    const Bytes question = {0, 12, 0xEE, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Bytes questions;
    for (unsigned i = 0; i < 1000; ++i) {  // of 60 kB each: more than all buffers hold
        questions.insert(questions.end(), question.begin(), question.end());
    }
    ASSERT_TRUE(client.say(questions));
    // The connection is reset in the end, whatever has been put in its way before.
    constexpr unsigned kLooks = 2000;
    unsigned looks = 0;
    while (looks < kLooks && counters_.tcp_timed_out.value() == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        ++looks;
    }
    EXPECT_LT(looks, kLooks);
    stop();
    EXPECT_LT(handler_.answers(), 1000U);
}

TEST_F(TcpServerWith, TotalCapRefusesNewOnes) {
    serve({.connections = 2});
    Client first(endpoint_, "127.0.1.1");
    Client second(endpoint_, "127.0.2.1");
    ASSERT_TRUE(first.is_served());
    ASSERT_TRUE(second.is_served());
    Client third(endpoint_, "127.0.3.1");
    EXPECT_TRUE(third.is_closed());
    EXPECT_TRUE(first.is_served());
    stop();
    EXPECT_EQ(counters_.tcp_refused.value(), 1U);
}

TEST_F(TcpServerWith, NetworkCapRefusesThatNetworkOnly) {
    serve({.connections_per_client = 2});
    auto first = std::make_unique<Client>(endpoint_, "127.0.1.1");
    Client second(endpoint_, "127.0.1.200");
    ASSERT_TRUE(first->is_served());
    ASSERT_TRUE(second.is_served());
    Client same_network(endpoint_, "127.0.1.77");
    EXPECT_TRUE(same_network.is_closed());
    Client other_network(endpoint_, "127.0.2.1");
    EXPECT_TRUE(other_network.is_served());
    stop();
}

// A place in the cap is given back when its connection ends.
TEST_F(TcpServerWith, ClosedConnectionsDoNotCount) {
    serve({.connections = 2, .connections_per_client = 2});
    for (unsigned i = 0; i < 50; ++i) {
        Client client(endpoint_);
        ASSERT_TRUE(client.is_served());
        ASSERT_TRUE(client.say({0, 0}));
        ASSERT_TRUE(client.is_closed());
    }
    stop();
    EXPECT_EQ(counters_.tcp_refused.value(), 0U);
}

TEST_F(TcpServerWith, NewLimitsHoldForOpenConnections) {
    serve({.idle_timeout_ms = 3'600'000});
    Client idle(endpoint_);
    Client busy(endpoint_);
    ASSERT_TRUE(busy.is_served());
    box_->publish(settings({.idle_timeout_ms = 50}));
    ASSERT_TRUE(busy.is_served());
    EXPECT_TRUE(idle.is_closed());
    stop();
}

TEST_F(TcpServerWith, StopAnswersWhatIsInHand) {
    serve({});
    Client client(endpoint_);
    ASSERT_TRUE(client.is_served());
    ASSERT_TRUE(client.say(kMessage));
    server_->request_stop();
    EXPECT_EQ(client.hear(kMessage.size()), kMessage);
    EXPECT_TRUE(client.is_closed());
    server_->join();
}

// Listeners and connections in `released`, which the next server goes on with.
struct Released {
    std::vector<Socket> listeners;
    std::vector<Socket> connections;
};

Released sort(std::vector<Socket> released) {
    Released result;
    for (Socket& socket : released) {
        int listens = 0;
        socklen_t size = sizeof(listens);
        getsockopt(socket.descriptor(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
        (listens != 0 ? result.listeners : result.connections).push_back(std::move(socket));
    }
    return result;
}

TEST_F(TcpServerWith, TheNextServerGoesOnWithListenersAndConnections) {
    serve({});
    Client idle(endpoint_);
    Client asking(endpoint_);
    ASSERT_TRUE(idle.is_served());
    ASSERT_TRUE(asking.say(kMessage));
    server_->request_stop(Ending::HandOver);
    server_->join();
    EXPECT_EQ(asking.hear(kMessage.size()), kMessage);
    Released released = sort(server_->release());
    ASSERT_EQ(released.listeners.size(), 1U);
    EXPECT_EQ(released.connections.size(), 2U);
    ASSERT_TRUE(idle.say(kMessage));
    Client meanwhile(endpoint_);
    ASSERT_TRUE(meanwhile.say(kMessage));
    server_ =
        std::make_unique<TcpServer>(std::move(released.listeners), *box_, handler_, counters_);
    ASSERT_TRUE(server_->start(std::move(released.connections)).has_value());
    EXPECT_EQ(idle.hear(kMessage.size()), kMessage);
    EXPECT_EQ(meanwhile.hear(kMessage.size()), kMessage);
    EXPECT_TRUE(asking.is_served());
    stop();
    EXPECT_TRUE(idle.is_closed());
}

// Half a message cannot go to another process: its end is waited for, and answered.
TEST_F(TcpServerWith, HandOverWaitsForTheEndOfAMessage) {
    serve({.io_timeout_ms = 60'000});
    Client client(endpoint_);
    ASSERT_TRUE(client.is_served());
    const Bytes begin(kMessage.begin(), kMessage.begin() + 5);
    const Bytes end(kMessage.begin() + 5, kMessage.end());
    ASSERT_TRUE(client.say(begin));
    server_->request_stop(Ending::HandOver);
    ASSERT_TRUE(client.say(end));
    EXPECT_EQ(client.hear(kMessage.size()), kMessage);
    server_->join();
    EXPECT_EQ(sort(server_->release()).connections.size(), 1U);
}

// With no descriptor left accept() fails again and again: the server waits for one to be freed,
// serves whom it has, and takes the waiting client in afterwards.
TEST_F(TcpServerWith, NoDescriptorsLeft) {
    serve({});
    Client before(endpoint_);
    ASSERT_TRUE(before.is_served());
    rlimit usual{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
    auto waiting = std::make_unique<Socket>(::socket(AF_INET, SOCK_STREAM, 0));
    rlimit none = usual;
    none.rlim_cur = 3;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    const SocketAddress target = to_socket_address(endpoint_);
    EXPECT_EQ(connect(waiting->descriptor(), &target.base, size_of(target)), 0);
    for (unsigned looks = 0; looks < 2000 && counters_.tcp_accept_errors.value() < 3; ++looks) {
        EXPECT_TRUE(before.is_served());
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const std::uint64_t errors = counters_.tcp_accept_errors.value();
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
    EXPECT_GE(errors, 3U);
    EXPECT_EQ(send(waiting->descriptor(), kMessage.data(), kMessage.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(kMessage.size()));
    Bytes answer(kMessage.size());
    setsockopt(waiting->descriptor(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    EXPECT_EQ(recv(waiting->descriptor(), answer.data(), answer.size(), MSG_WAITALL),
              static_cast<ssize_t>(kMessage.size()));
    EXPECT_EQ(answer, kMessage);
    stop();
}

}  // namespace
}  // namespace fairlist::net
