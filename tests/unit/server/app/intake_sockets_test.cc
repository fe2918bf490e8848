#include "server/app/intake_sockets.h"

#include "server/app/listeners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace fairlist::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

constexpr Roles kBoth{.dns = false, .trap = true, .jobs = true, .http = true};

config::Config config_of(std::uint16_t lmtp, std::uint16_t http) {
    config::Config config;
    config.trap.listen = {{"127.0.0.1", lmtp}};
    config.http.listen = {{"127.0.0.1", http}};
    return config;
}

IntakeSockets open(const config::Config& config, const Roles& roles, HandedSockets& handed) {
    auto sockets = open_intake_sockets(config, roles, handed);
    EXPECT_TRUE(sockets.has_value()) << sockets.error().message;
    return sockets ? std::move(*sockets) : IntakeSockets{};
}

IntakeSockets open_fresh() {
    HandedSockets none;
    return open(config_of(0, 0), kBoth, none);
}

TEST(IntakeSockets, AreThoseThatWereHandedOver) {
    IntakeSockets before = open_fresh();
    const std::uint16_t lmtp = ports_of(before.lmtp).at(0);
    const std::uint16_t http = ports_of(before.http).at(0);
    const int descriptor = before.lmtp[0].descriptor();
    EXPECT_THAT(before.names(), SizeIs(2));
    EXPECT_EQ(before.names()[1].name, "tcp-127.0.0.1_" + std::to_string(http));

    HandedSockets handed(std::move(before).hand_over());
    EXPECT_EQ(handed.size(), 2U);
    // Each by its port, whichever wants it: here they change places.
    const IntakeSockets after = open(config_of(http, lmtp), kBoth, handed);
    EXPECT_EQ(handed.size(), 0U);
    EXPECT_EQ(ports_of(after.lmtp).at(0), http);
    EXPECT_EQ(after.http.at(0).descriptor(), descriptor);
}

TEST(IntakeSockets, OnAnyPortAreNewOnes) {
    HandedSockets handed(open_fresh().hand_over());
    const IntakeSockets fresh = open(config_of(0, 0), kBoth, handed);
    EXPECT_THAT(fresh.lmtp, SizeIs(1));
    EXPECT_EQ(handed.size(), 2U);
}

TEST(IntakeSockets, AreNotTakenByTheDnsForAnyPort) {
    IntakeSockets before = open_fresh();
    const std::uint16_t lmtp = ports_of(before.lmtp).at(0);
    HandedSockets handed(std::move(before).hand_over());
    const auto listeners = open_listeners({{"127.0.0.1", 0}}, 1, handed);
    ASSERT_TRUE(listeners.has_value()) << listeners.error().message;
    EXPECT_NE(listeners->front().endpoint.port, lmtp);
    EXPECT_EQ(handed.size(), 2U);
}

TEST(IntakeSockets, AreOpenedForTheRolesAlone) {
    HandedSockets none;
    const IntakeSockets sockets =
        open(config_of(0, 0), {.dns = false, .trap = true, .jobs = false, .http = false}, none);
    EXPECT_THAT(sockets.lmtp, SizeIs(1));
    EXPECT_THAT(sockets.http, SizeIs(0));
}

TEST(IntakeSockets, FaultsNameTheKeyAndThePort) {
    const IntakeSockets others = open_fresh();
    const std::uint16_t taken = ports_of(others.http).at(0);
    HandedSockets none;
    const auto sockets = open_intake_sockets(config_of(0, taken), kBoth, none);
    ASSERT_FALSE(sockets.has_value());
    EXPECT_THAT(sockets.error().message,
                AllOf(HasSubstr("http.listen"), HasSubstr(std::to_string(taken)),
                      HasSubstr("Address already in use")));
}

TEST(IntakeSockets, DuplicatesAreOfTheSameSocket) {
    const IntakeSockets sockets = open_fresh();
    const auto copies = duplicates_of(sockets.lmtp);
    ASSERT_TRUE(copies.has_value());
    ASSERT_THAT(*copies, SizeIs(1));
    EXPECT_NE(copies->front().descriptor(), sockets.lmtp[0].descriptor());
    EXPECT_EQ(ports_of(*copies), ports_of(sockets.lmtp));
}

}  // namespace
}  // namespace fairlist::app
