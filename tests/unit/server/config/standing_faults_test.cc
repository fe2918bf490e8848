// Faults of [standing] and the tables below it, and that a better tier is never worse to have.
#include "tests/unit/server/config/fault_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace fairlist::config {
namespace {

constexpr std::string_view kFrom2 = "store.path = \"s\"\n";

class ConfigStandingFaults : public testing::TestWithParam<FaultRow> {};

TEST_P(ConfigStandingFaults, AreFoundWhereTheyStand) {
    expect_faults(GetParam());
}

const std::vector<FaultRow> kRows = {
    {"empty", kFrom2, "[standing]\n", {}},
    {"unknown_key",
     kFrom2,
     "[standing]\nwindows = \"30d\"\n",
     {"3:1 standing.windows: unknown key (did you mean \"window\"?)"}},
    {"no_points", kFrom2, "standing.good_points = 0\n", {"2:24 standing.good_points: 0: below"}},
    {"hysteresis_leaves_nothing",
     kFrom2,
     "standing.hysteresis = 3\n",
     {"2:23 standing.hysteresis: 3: leaves nothing between good (4) and poor (2 below zero)"}},
    {"rate_the_wrong_way",
     kFrom2,
     "[standing.listing_rate]\ngood = 5000\npoor = 100\n",
     {"3:8 standing.listing_rate.good: above poor"}},
    {"time_the_wrong_way",
     kFrom2,
     "[standing.time_to_remedy]\ngood = \"2w\"\n",
     {"3:8 standing.time_to_remedy.good: above poor"}},
    {"share_the_wrong_way",
     kFrom2,
     "[standing.honest_word]\ngood = 50\n",
     {"3:8 standing.honest_word.good: below poor"}},
    {"more_than_all",
     kFrom2,
     "[standing.policy_coverage]\ngood = 101\n",
     {"3:8 standing.policy_coverage.good: 101: above the limit of 100"}},
    {"good_asks_for_fewer_hits",
     kFrom2,
     "[standing.good]\nhits_percent = 90\n",
     {"3:16 standing.good.hits_percent: harsher than that of neutral"}},
    {"poor_is_milder",
     kFrom2,
     "[standing.poor]\nlifetime_percent = 50\n",
     {"2:1 standing.neutral.lifetime_percent: harsher than that of poor"}},
    {"good_widens",
     kFrom2,
     "[standing.good]\nescalation = \"wide\"\n",
     {"3:14 standing.good.escalation: harsher than that of neutral"}},
    {"all_the_same",
     kFrom2,
     "[standing.poor]\nhits_percent = 100\nlifetime_percent = 100\nescalation = \"never\"\n"
     "[standing.neutral]\nescalation = \"never\"\n[standing.good]\nlifetime_percent = 100\n",
     {}},
};

INSTANTIATE_TEST_SUITE_P(Standing, ConfigStandingFaults, testing::ValuesIn(kRows), row_name);

TEST(ConfigStanding, IsRead) {
    const Loaded loaded = load_text(
        "store.path = \"s\"\n[standing]\nwindow = \"10d\"\npoor_points = 5\n"
        "[standing.repeat_rate]\ngood = 7\nat_least = 9\n[standing.time_to_remedy]\ngood = \"6h\"\n"
        "[standing.poor]\nnotice = 0\nattest_wait = \"2d\"\n[standing.good]\nhits_percent = 300\n",
        "c.toml");
    EXPECT_THAT(fault_texts(loaded), testing::IsEmpty());
    const StandingRules& rules = loaded.config.standing;
    EXPECT_EQ(rules.window_seconds, 10U * 86400);
    EXPECT_EQ(rules.poor_points, -5);
    EXPECT_EQ(rules.good_points, 4);
    EXPECT_EQ(rules.thresholds[2].good, 70U);
    EXPECT_EQ(rules.thresholds[2].poor, 400U);
    EXPECT_EQ(rules.thresholds[2].at_least, 9U);
    EXPECT_EQ(rules.thresholds[1].good, 6U * 3600);
    EXPECT_EQ(rules.effect(Tier::Poor).attest_wait_seconds, 2U * 86400);
    EXPECT_EQ(rules.effect(Tier::Good).hits_percent, 300U);
}

}  // namespace
}  // namespace fairlist::config
