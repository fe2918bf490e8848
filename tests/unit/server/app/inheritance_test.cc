#include "server/app/inheritance.h"

#include "server/app/listeners.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fairlist::app {
namespace {

const Address kLoopback = *parse_address("127.0.0.1");

std::vector<Listener> open(const std::vector<config::Listener>& addresses, unsigned workers,
                           HandedSockets& handed) {
    auto listeners = open_listeners(addresses, workers, handed);
    EXPECT_TRUE(listeners.has_value()) << listeners.error().message;
    return listeners ? std::move(*listeners) : std::vector<Listener>{};
}

std::vector<Listener> open_fresh(const std::vector<config::Listener>& addresses, unsigned workers) {
    HandedSockets none;
    return open(addresses, workers, none);
}

// As hand_over() gives them.
HandedSockets handed_from(std::vector<Listener> listeners) {
    HandedSockets result;
    for (Listener& listener : listeners) {
        for (net::Socket& socket : listener.udp) {
            result.add(*net::take_over(socket.release()));
        }
        result.add(*net::take_over(listener.tcp.release()));
    }
    return result;
}

std::vector<int> descriptors_of(const std::vector<net::Socket>& sockets) {
    std::vector<int> result;
    for (const net::Socket& socket : sockets) {
        result.push_back(socket.descriptor());
    }
    return result;
}

TEST(HandedListeners, AreTakenForTheSameAddresses) {
    auto before = open_fresh({{"127.0.0.1", 0}, {"::1", 0}}, 2);
    ASSERT_EQ(before.size(), 2U);
    const std::vector<net::Endpoint> endpoints = {before[0].endpoint, before[1].endpoint};
    const std::vector<int> udp = descriptors_of(before[1].udp);
    const int tcp = before[1].tcp.descriptor();
    HandedSockets handed = handed_from(std::move(before));
    EXPECT_EQ(handed.size(), 6U);
    // In another order, and one by its port.
    const auto after = open({{"::1", endpoints[1].port}, {"127.0.0.1", 0}}, 2, handed);
    ASSERT_EQ(after.size(), 2U);
    EXPECT_EQ(after[0].endpoint, endpoints[1]);
    EXPECT_EQ(after[1].endpoint, endpoints[0]);
    EXPECT_EQ(descriptors_of(after[0].udp), udp);
    EXPECT_EQ(after[0].tcp.descriptor(), tcp);
    EXPECT_EQ(handed.size(), 0U);
}

TEST(HandedListeners, AnyPortDoesNotTakeOneThatIsAskedFor) {
    auto before = open_fresh({{"127.0.0.1", 0}, {"127.0.0.1", 0}}, 1);
    ASSERT_EQ(before.size(), 2U);
    const net::Endpoint first = before[0].endpoint;
    const net::Endpoint second = before[1].endpoint;
    HandedSockets handed = handed_from(std::move(before));
    const auto after = open({{"127.0.0.1", 0}, {"127.0.0.1", first.port}}, 1, handed);
    ASSERT_EQ(after.size(), 2U);
    EXPECT_EQ(after[0].endpoint, second);
    EXPECT_EQ(after[1].endpoint, first);
}

TEST(HandedListeners, MoreWorkersJoinThePort) {
    auto before = open_fresh({{"127.0.0.1", 0}}, 1);
    const int kept = before.at(0).udp.at(0).descriptor();
    const net::Endpoint endpoint = before[0].endpoint;
    HandedSockets handed = handed_from(std::move(before));
    const auto after = open({{"127.0.0.1", endpoint.port}}, 3, handed);
    ASSERT_EQ(after.size(), 1U);
    ASSERT_EQ(after[0].udp.size(), 3U);
    EXPECT_EQ(after[0].udp[0].descriptor(), kept);
    for (const net::Socket& socket : after[0].udp) {
        EXPECT_EQ(*net::local_endpoint(socket), endpoint);
    }
}

TEST(HandedListeners, FewerWorkersAndOtherAddressesLeaveTheRest) {
    auto before = open_fresh({{"127.0.0.1", 0}, {"::1", 0}}, 3);
    const net::Endpoint gone = before.at(1).endpoint;
    HandedSockets handed = handed_from(std::move(before));
    const auto after = open({{"127.0.0.1", 0}}, 1, handed);
    ASSERT_EQ(after.size(), 1U);
    unsigned udp_of_the_gone = 0;
    unsigned udp_too_many = 0;
    unsigned tcp = 0;
    for (const net::HandedSocket& socket : handed.take_rest()) {
        if (socket.kind == net::SocketKind::TcpListener) {
            EXPECT_EQ(socket.endpoint, gone);
            ++tcp;
        } else {
            ++(socket.endpoint == gone ? udp_of_the_gone : udp_too_many);
        }
    }
    EXPECT_EQ(udp_of_the_gone, 3U);
    EXPECT_EQ(udp_too_many, 2U);
    EXPECT_EQ(tcp, 1U);
}

TEST(HandedListeners, AMissingHalfIsOpened) {
    auto before = open_fresh({{"127.0.0.1", 0}}, 1);
    const net::Endpoint endpoint = before.at(0).endpoint;
    HandedSockets handed;
    handed.add(*net::take_over(before[0].tcp.release()));
    before.clear();
    const auto after = open({{"127.0.0.1", endpoint.port}}, 2, handed);
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].udp.size(), 2U);
    EXPECT_TRUE(after[0].tcp.is_open());
}

// A socket unit's sockets are of another user, so nobody can join them: here for another reason.
TEST(HandedListeners, WorkersShareWhatNobodyCanJoin) {
    Result<net::Socket> udp = net::open_udp({kLoopback, 0}, net::PortShare::First);
    ASSERT_TRUE(udp.has_value());
    const net::Endpoint endpoint = *net::local_endpoint(*udp);
    const int descriptor = udp->release();
    HandedSockets handed;
    handed.add(*net::take_over(descriptor));
    constexpr int kOff = 0;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &kOff, sizeof(kOff));
    const auto after = open({{"127.0.0.1", endpoint.port}}, 3, handed);
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].udp.size(), 3U);
    // To the kernel all three are one.
    HandedSockets again = handed_from(open_fresh({{"127.0.0.1", 0}}, 1));
    const std::size_t others = again.size();
    for (const net::Socket& socket : after[0].udp) {
        again.add(*net::take_over(dup(socket.descriptor())));
    }
    EXPECT_EQ(again.size(), others + 1);
}

class Environment {
  public:
    Environment(const char* name, const std::string& value) : name_(name) {
        setenv(name, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { unsetenv(name_); }  // NOLINT(concurrency-mt-unsafe): one thread

  private:
    const char* name_;
};

bool is_set(const char* name) {
    return std::getenv(name) != nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
}

TEST(Inheritance, NothingWithoutVariables) {
    EXPECT_EQ(inherit_sockets(getpid()).size(), 0U);
}

TEST(Inheritance, TakesWhatIsNamedAndTheVariableAway) {
    Result<net::Socket> udp = net::open_udp({kLoopback, 0}, net::PortShare::First);
    ASSERT_TRUE(udp.has_value());
    const net::Endpoint endpoint = *net::local_endpoint(*udp);
    const std::string name = net::handed_name(net::SocketKind::Udp, endpoint);
    const Environment variable(kHandoverVariable,
                               format_handover(getpid(), {{name, udp->release()}}));
    HandedSockets handed = inherit_sockets(getpid());
    EXPECT_EQ(handed.size(), 1U);
    EXPECT_EQ(handed.take_udp(endpoint, 5).size(), 1U);
    EXPECT_FALSE(is_set(kHandoverVariable));
}

struct StaleRow {
    std::string name;
    pid_t owner_off_by;
    std::string named_as;  // empty: as it is
    bool is_left_open;
};

class StaleInheritance : public testing::TestWithParam<StaleRow> {};

// A socket that is meant for another process is not touched; one that is ours and not what it
// should be is closed, lest it gets queries that nobody reads.
TEST_P(StaleInheritance, IsNotUsed) {
    Result<net::Socket> udp = net::open_udp({kLoopback, 0}, net::PortShare::First);
    ASSERT_TRUE(udp.has_value());
    const int descriptor = udp->release();
    const std::string name =
        GetParam().named_as.empty()
            ? net::handed_name(net::SocketKind::Udp,
                               *net::local_endpoint(net::Socket(dup(descriptor))))
            : GetParam().named_as;
    const Environment variable(
        kHandoverVariable,
        format_handover(getpid() + GetParam().owner_off_by, {{name, descriptor}}));
    EXPECT_EQ(inherit_sockets(getpid()).size(), 0U);
    EXPECT_FALSE(is_set(kHandoverVariable));
    EXPECT_EQ(close(descriptor) == 0, GetParam().is_left_open);
}

INSTANTIATE_TEST_SUITE_P(Table, StaleInheritance,
                         testing::Values(StaleRow{"other_process", 1, "", true},
                                         StaleRow{"other_address", 0, "udp-192.0.2.1_53", false},
                                         StaleRow{"other_port", 0, "udp-127.0.0.1_1", false},
                                         StaleRow{"other_type", 0, "tcp-127.0.0.1_53", false},
                                         StaleRow{"connection", 0, "connection", false}),
                         [](const auto& row) { return row.param.name; });

TEST(Inheritance, OneBadDescriptorDoesNotSpoilTheOthers) {
    Result<net::Socket> udp = net::open_udp({kLoopback, 0}, net::PortShare::First);
    ASSERT_TRUE(udp.has_value());
    const std::string name = net::handed_name(net::SocketKind::Udp, *net::local_endpoint(*udp));
    const int closed = dup(udp->descriptor());
    close(closed);
    EXPECT_EQ(take_named({{name, closed}, {name, udp->release()}}).size(), 1U);
}

TEST(Inheritance, SystemdsVariablesForOthersAreLeftAlone) {
    const Environment pid("LISTEN_PID", std::to_string(getpid() + 1));
    const Environment count("LISTEN_FDS", "1");
    EXPECT_EQ(inherit_sockets(getpid()).size(), 0U);
}

TEST(Inheritance, SystemdsVariablesWithBadNumbersAreNoStop) {
    const Environment pid("LISTEN_PID", std::to_string(getpid()));
    const Environment count("LISTEN_FDS", "many");
    EXPECT_EQ(inherit_sockets(getpid()).size(), 0U);
    EXPECT_FALSE(is_set("LISTEN_FDS"));
}

}  // namespace
}  // namespace fairlist::app
