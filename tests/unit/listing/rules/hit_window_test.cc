#include "listing/rules/hit_window.h"

#include "listing/model/listing.h"
#include "listing/rules/tally.h"
#include "tests/unit/listing/rules/hits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::rules {
namespace {

using testing::ElementsAre;

CountedHit at(std::uint64_t number, std::uint32_t seconds_ago, std::uint32_t trap = 1) {
    return {number, ago(seconds_ago), trap, kHitWeightOne, "lmtp"};
}

std::vector<std::uint64_t> numbers(const HitWindow& window) {
    std::vector<std::uint64_t> all;
    for (const CountedHit& hit : window.hits()) {
        all.push_back(hit.number);
    }
    return all;
}

TEST(IsWithin, FromBehindTheWindowUntilNow) {
    EXPECT_TRUE(is_within(kNow, 60, kNow));
    EXPECT_TRUE(is_within(ago(59), 60, kNow));
    EXPECT_FALSE(is_within(ago(60), 60, kNow));
    EXPECT_FALSE(is_within(in(1), 60, kNow));
    EXPECT_TRUE(is_within(Time{1}, 60, Time{10}));  // a window that begins before 1970
}

TEST(CountedHit, HasWhatCountsOfAHit) {
    Hit hit;
    hit.time = kNow;
    hit.trap = 7;
    hit.weight = 50;
    hit.sensor = "pipe";
    const CountedHit counted = count(9, hit);
    EXPECT_EQ(counted.number, 9U);
    EXPECT_EQ(counted.time, kNow);
    EXPECT_EQ(counted.trap, 7U);
    EXPECT_EQ(counted.weight, 50U);
    EXPECT_EQ(counted.sensor, "pipe");
}

TEST(HitWindow, OrdersByTimeThenNumberAndTakesEachOnce) {
    HitWindow window(kDay);
    for (const auto& hit : {at(3, 10), at(1, 30), at(5, 10), at(2, 20), at(3, 10), at(4, 10)}) {
        window.add(hit);
    }
    EXPECT_THAT(numbers(window), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(newest(window.hits(), 2), ElementsAre(5, 4));
    EXPECT_THAT(newest(window.hits(), 9), ElementsAre(5, 4, 3, 2, 1));
}

TEST(HitWindow, ForgetsWhatHasLeftIt) {
    HitWindow window(60);
    window.add(at(1, 61));
    window.add(at(2, 60));
    window.add(at(3, 59));
    window.add(at(4, 0));
    window.drop_old(ago(1));
    EXPECT_THAT(numbers(window), ElementsAre(2, 3, 4));
    window.drop_old(kNow);
    EXPECT_THAT(numbers(window), ElementsAre(3, 4));
    window.drop_old(in(1000));
    EXPECT_TRUE(window.hits().empty());
}

TEST(HitWindow, AFloodOfOneTrapHidesNoOther) {
    HitWindow window(kDay);
    window.add(at(1, 5000, 1));
    window.add(at(2, 4999, 2));
    for (std::uint32_t i = 0; i < kWindowHitsMax + 500; ++i) {
        window.add(at(10 + i, 4000 - i, 3));
    }
    ASSERT_EQ(window.hits().size(), kWindowHitsMax);
    EXPECT_EQ(window.hits()[0].number, 1U);
    EXPECT_EQ(window.hits()[1].number, 2U);
    EXPECT_EQ(window.hits()[2].number, 10U + 502);
    EXPECT_EQ(window.hits().back().number, 10U + kWindowHitsMax + 499);
}

TEST(HitWindow, ATrapOfItsOwnTakesThePlaceOfTheOldest) {
    HitWindow window(kDay);
    for (std::uint32_t i = 0; i < kWindowHitsMax; ++i) {
        window.add(at(1 + i, 5000 - i, 3));
    }
    window.add(at(9000, 1, 4));
    ASSERT_EQ(window.hits().size(), kWindowHitsMax);
    EXPECT_EQ(window.hits().front().number, 2U);
    EXPECT_EQ(window.hits().back().number, 9000U);
    window.add(at(9001, 6000, 3));  // the oldest of its trap itself
    ASSERT_EQ(window.hits().size(), kWindowHitsMax);
    EXPECT_EQ(window.hits().front().number, 2U);
}

struct EnoughCase {
    std::string name;
    std::uint32_t hits;
    std::uint32_t traps;
    std::vector<CountedHit> window;  // oldest first
    std::size_t taken;
};

class NewestEnough : public testing::TestWithParam<EnoughCase> {};

TEST_P(NewestEnough, DecidesAsAllOfThemDo) {
    TrapRule rule;
    rule.hits = GetParam().hits;
    rule.traps = GetParam().traps;
    const std::span<const CountedHit> all = GetParam().window;
    const auto taken = newest_enough(rule, all);
    EXPECT_EQ(taken.size(), GetParam().taken);
    EXPECT_EQ(tally_of(rule, taken, kNow).reaches(rule), tally_of(rule, all, kNow).reaches(rule));
    if (!taken.empty()) {
        EXPECT_EQ(taken.back().number, all.back().number);
    }
}

std::vector<CountedHit> flood(std::uint32_t hits, std::uint32_t oldest_trap) {
    std::vector<CountedHit> made = {at(1, hits, oldest_trap)};
    for (std::uint32_t i = 1; i < hits; ++i) {
        made.push_back(at(1 + i, hits - i));
    }
    return made;
}

const std::vector<EnoughCase> kEnoughCases = {
    {"none", 3, 1, {}, 0},
    {"too_few", 3, 1, flood(2, 1), 2},
    {"reached_but_not_all_evidence", 3, 1, flood(50, 1), 50},
    {"all_evidence", 3, 1, flood(500, 1), kEventHitsMax},
    {"more_needed_than_evidence", 300, 1, flood(500, 1), 300},
    {"another_trap_is_far_back", 3, 2, flood(500, 2), 500},
    {"not_reached", 3, 2, flood(500, 1), 500},
};
INSTANTIATE_TEST_SUITE_P(Rows, NewestEnough, testing::ValuesIn(kEnoughCases),
                         [](const auto& param) { return param.param.name; });

TEST(HitWindowTwin, HoldsWhatASlowOneHolds) {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        const std::uint32_t seconds = 1 + static_cast<std::uint32_t>(random() % 50);
        HitWindow window(seconds);
        std::vector<CountedHit> slow;
        Time clock{1000};
        for (std::uint64_t number = 1; number < 100; ++number) {
            clock.seconds += static_cast<std::uint32_t>(random() % 4);
            const CountedHit hit{number,
                                 {clock.seconds - static_cast<std::uint32_t>(random() % 3)},
                                 1,
                                 kHitWeightOne,
                                 ""};
            window.add(hit);
            window.drop_old(clock);
            slow.push_back(hit);
            std::erase_if(slow,
                          [&](const auto& each) { return !is_within(each.time, seconds, clock); });
            std::ranges::sort(
                slow, {}, [](const CountedHit& one) { return std::pair(one.time, one.number); });
            std::vector<std::uint64_t> expected;
            for (const CountedHit& each : slow) {
                expected.push_back(each.number);
            }
            ASSERT_EQ(numbers(window), expected);
        }
    }
}

}  // namespace
}  // namespace fairlist::rules
