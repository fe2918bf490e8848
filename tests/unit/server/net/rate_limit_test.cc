#include "server/net/rate_limit.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::net {
namespace {

constexpr std::uint64_t kStartMs = 1'000'000;

Address address(const std::string& text) {
    return *parse_address(text);
}

// How many of `count` responses at one moment go out, and how many of those as TC.
struct Outcome {
    unsigned sent = 0;
    unsigned slipped = 0;
    unsigned dropped = 0;
};

Outcome ask(RateLimiter& limiter, const Address& client, AnswerClass answer_class, unsigned count,
            std::uint64_t now_ms = kStartMs) {
    Outcome outcome;
    for (unsigned i = 0; i < count; ++i) {
        switch (limiter.check(client, answer_class, now_ms)) {
            case RateVerdict::Send:
                ++outcome.sent;
                break;
            case RateVerdict::Slip:
                ++outcome.slipped;
                break;
            case RateVerdict::Drop:
                ++outcome.dropped;
                break;
        }
    }
    return outcome;
}

struct SlipCase {
    std::string name;
    RateLimits limits;
    AnswerClass answer_class;
    unsigned count;
    Outcome expected;
};

class RateLimiterSlip : public testing::TestWithParam<SlipCase> {};

TEST_P(RateLimiterSlip, Burst) {
    const SlipCase& c = GetParam();
    RateLimiter limiter(c.limits);
    const Outcome outcome = ask(limiter, address("192.0.2.1"), c.answer_class, c.count);
    EXPECT_EQ(outcome.sent, c.expected.sent);
    EXPECT_EQ(outcome.slipped, c.expected.slipped);
    EXPECT_EQ(outcome.dropped, c.expected.dropped);
}

const std::vector<SlipCase> kSlipCases = {
    {"no_limit", {}, AnswerClass::Positive, 5000, {5000, 0, 0}},
    {"other_class_is_free", {.error = 1}, AnswerClass::Negative, 50, {50, 0, 0}},
    {"below", {.positive = 10}, AnswerClass::Positive, 10, {10, 0, 0}},
    {"never_slips", {.positive = 10, .slip = 0}, AnswerClass::Positive, 20, {10, 0, 10}},
    {"always_slips", {.positive = 10, .slip = 1}, AnswerClass::Positive, 20, {10, 10, 0}},
    {"every_second", {.negative = 10, .slip = 2}, AnswerClass::Negative, 20, {10, 5, 5}},
    {"every_third", {.error = 10, .slip = 3}, AnswerClass::Error, 19, {10, 3, 6}},
    {"more_than_a_bucket_holds",
     {.positive = 1'000'000'000, .slip = 0},
     AnswerClass::Positive,
     100,
     {100, 0, 0}},
};

INSTANTIATE_TEST_SUITE_P(Table, RateLimiterSlip, testing::ValuesIn(kSlipCases),
                         [](const auto& param) { return param.param.name; });

struct NetworkCase {
    std::string name;
    std::string first;
    std::string second;
    bool shared;
};

class RateLimiterNetwork : public testing::TestWithParam<NetworkCase> {};

TEST_P(RateLimiterNetwork, Shared) {
    const NetworkCase& c = GetParam();
    RateLimiter limiter({.positive = 5, .slip = 0});
    EXPECT_EQ(ask(limiter, address(c.first), AnswerClass::Positive, 5).sent, 5U);
    EXPECT_EQ(ask(limiter, address(c.second), AnswerClass::Positive, 5).sent, c.shared ? 0U : 5U);
}

const std::vector<NetworkCase> kNetworkCases = {
    {"same_v4", "192.0.2.1", "192.0.2.1", true},
    {"same_24", "192.0.2.1", "192.0.2.254", true},
    {"next_24", "192.0.2.1", "192.0.3.1", false},
    {"same_56", "2001:db8:0:1::1", "2001:db8:0:ff::2", true},
    {"next_56", "2001:db8:0:1::1", "2001:db8:0:100::1", false},
    {"mapped_is_v4", "192.0.2.1", "::ffff:192.0.2.9", true},
};

INSTANTIATE_TEST_SUITE_P(Table, RateLimiterNetwork, testing::ValuesIn(kNetworkCases),
                         [](const auto& param) { return param.param.name; });

TEST(RateLimiter, ClassesDoNotShare) {
    RateLimiter limiter({.positive = 5, .negative = 7, .error = 9, .slip = 0});
    const Address client = address("192.0.2.1");
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20).sent, 5U);
    EXPECT_EQ(ask(limiter, client, AnswerClass::Negative, 20).sent, 7U);
    EXPECT_EQ(ask(limiter, client, AnswerClass::Error, 20).sent, 9U);
}

TEST(RateLimiter, RefillsWithTimeUpToOneSecond) {
    RateLimiter limiter({.positive = 10, .slip = 0});
    const Address client = address("192.0.2.1");
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20, kStartMs).sent, 10U);
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20, kStartMs + 99).sent, 0U);
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20, kStartMs + 100).sent, 1U);
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20, kStartMs + 600).sent, 5U);
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20, kStartMs + 90'000).sent, 10U);
}

TEST(RateLimiter, ClockOf32BitsMayWrap) {
    RateLimiter limiter({.positive = 10, .slip = 0});
    const Address client = address("192.0.2.1");
    const std::uint64_t before = (std::uint64_t{1} << 32U) - 50;
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20, before).sent, 10U);
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 20, before + 100).sent, 1U);
}

// A flood from made-up networks must not make the table forget the one that is limited.
TEST(RateLimiter, BusyNetworkIsNotForgotten) {
    RateLimiter limiter({.positive = 5, .slip = 0});
    const Address victim = address("192.0.2.1");
    EXPECT_EQ(ask(limiter, victim, AnswerClass::Positive, 5).sent, 5U);
    unsigned sent = 0;
    for (std::uint32_t i = 0; i < 4 * RateLimiter::kRows * RateLimiter::kSlotsPerRow; ++i) {
        const std::uint64_t now_ms = kStartMs + i / 4000;
        static_cast<void>(
            limiter.check(Address::from_v4(0x0A000000 + i * 256), AnswerClass::Positive, now_ms));
        if (i % 100 == 0) {
            sent += ask(limiter, victim, AnswerClass::Positive, 1, now_ms).sent;
        }
    }
    EXPECT_LE(sent, 1U);
}

TEST(RateLimiter, NewLimitsHoldAtOnce) {
    RateLimiter limiter({.positive = 5, .slip = 0});
    const Address client = address("192.0.2.1");
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 5).sent, 5U);
    limiter.configure({.positive = 0});
    EXPECT_EQ(ask(limiter, client, AnswerClass::Positive, 50).sent, 50U);
}

struct ShareCase {
    std::string name;
    std::uint32_t rate;
    unsigned workers;
    std::uint32_t expected;
};

class RateShare : public testing::TestWithParam<ShareCase> {};

TEST_P(RateShare, NeverZeroUnlessUnlimited) {
    const ShareCase& c = GetParam();
    EXPECT_EQ(share_of({.positive = c.rate}, c.workers).positive, c.expected);
    EXPECT_EQ(share_of({.negative = c.rate}, c.workers).negative, c.expected);
    EXPECT_EQ(share_of({.error = c.rate}, c.workers).error, c.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, RateShare,
                         testing::Values(ShareCase{"one", 100, 1, 100},
                                         ShareCase{"even", 100, 4, 25},
                                         ShareCase{"rounds_up", 100, 3, 34},
                                         ShareCase{"more_workers_than_rate", 2, 8, 1},
                                         ShareCase{"no_limit_stays", 0, 8, 0},
                                         ShareCase{"no_workers", 100, 0, 100}),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::net
