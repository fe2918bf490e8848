// From what was measured to a tier: named cases, and what holds of every assessment.
#include "listing/rules/assessment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <string>

namespace fairlist::rules {
namespace {

using Inputs = std::array<Measure, kStandingInputs>;

constexpr Time kNow{1'700'000'000};
constexpr int kRounds = 30000;

struct Row {
    const char* name;
    Inputs inputs;
    Tier before;
    std::int32_t points;
    Tier tier;
};

// By the thresholds that StandingRules has.
const Row kRows[] = {
    {"nothing was measured", {}, Tier::Neutral, 0, Tier::Neutral},
    {"nothing was measured: a good one stays so no longer", {}, Tier::Good, 0, Tier::Neutral},
    {"rate at the threshold is good", {{{1, 1000}}}, Tier::Neutral, 2, Tier::Neutral},
    {"rate just above is not", {{{1001, 1'000'000}}}, Tier::Neutral, 0, Tier::Neutral},
    {"rate at the other threshold is not poor", {{{10, 1000}}}, Tier::Neutral, 0, Tier::Neutral},
    {"rate above is poor", {{{10'001, 1'000'000}}}, Tier::Neutral, -2, Tier::Poor},
    {"two reports conclude nothing", {{{}, {30 * 86400, 2}}}, Tier::Neutral, 0, Tier::Neutral},
    {"three do", {{{}, {30 * 86400, 3}}}, Tier::Neutral, -1, Tier::Neutral},
    {"a poor one stays so with one point less",
     {{{}, {30 * 86400, 3}}},
     Tier::Poor,
     -1,
     Tier::Poor},
    {"honest word at the threshold",
     {{{}, {}, {}, {}, {}, {9, 10}}},
     Tier::Neutral,
     2,
     Tier::Neutral},
    {"word and rate make it good",
     {{{0, 4096}, {}, {}, {}, {}, {9, 10}}},
     Tier::Neutral,
     4,
     Tier::Good},
    {"three points do not", {{{0, 4096}, {3600, 3}}}, Tier::Neutral, 3, Tier::Neutral},
    {"three points keep it good", {{{0, 4096}, {3600, 3}}}, Tier::Good, 3, Tier::Good},
    {"the whole of IPv4",
     {{{0, 1ULL << 32U}, {}, {}, {1ULL << 32U, 1ULL << 32U}}},
     Tier::Neutral,
     3,
     Tier::Neutral},
    {"more than thousandths of it fit in 64 bits",
     {{{UINT64_MAX, UINT64_MAX}, {}, {}, {0, UINT64_MAX}}},
     Tier::Neutral,
     -3,
     Tier::Poor},
};

TEST(Assessment, GivesPointsAndATier) {
    for (const Row& row : kRows) {
        SCOPED_TRACE(row.name);
        const Standing standing = assess({}, row.inputs, row.before, kNow);
        EXPECT_EQ(standing.points, row.points);
        EXPECT_EQ(standing.tier, row.tier);
        EXPECT_EQ(standing.before, row.before);
        EXPECT_EQ(standing.inputs, row.inputs);
        EXPECT_EQ(standing.computed, kNow);
    }
}

class Dice {
  public:
    explicit Dice(unsigned seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t end) { return random_() % end; }

    StandingRules rules() {
        StandingRules made;
        for (std::size_t i = 0; i < kStandingInputs; ++i) {
            Threshold& each = made.thresholds[i];
            const bool less = i < 3;
            each.good = below(1000);
            each.poor = less ? each.good + below(1000) : below(each.good + 1);
            each.weight = static_cast<std::uint32_t>(below(4));
            each.at_least = below(5);
        }
        made.good_points = static_cast<std::int32_t>(1 + below(5));
        made.poor_points = -static_cast<std::int32_t>(1 + below(5));
        made.hysteresis = static_cast<std::int32_t>(below(3));
        return made;
    }

    Inputs inputs() {
        Inputs made;
        for (Measure& each : made) {
            each.whole = below(20);
            each.part = below(each.whole + 1);
        }
        made[1].part = below(3000);
        return made;
    }

    Tier tier() { return static_cast<Tier>(1 + below(3)); }

  private:
    std::mt19937_64 random_;
};

TEST(AssessmentProperty, ABetterInputIsNeverAWorseTier) {
    Dice dice(1);
    int changed = 0;
    for (int round = 0; round < kRounds; ++round) {
        const StandingRules rules = dice.rules();
        const Inputs worse = dice.inputs();
        const Tier before = dice.tier();
        const std::size_t which = dice.below(kStandingInputs);
        Inputs better = worse;
        const std::uint64_t step = dice.below(10);
        if (which < 3) {
            better[which].part -= std::min(better[which].part, step * (which == 1 ? 100 : 1));
        } else {
            better[which].part = std::min(better[which].part + step, better[which].whole);
        }
        const Standing a = assess(rules, worse, before, kNow);
        const Standing b = assess(rules, better, before, kNow);
        ASSERT_GE(b.tier, a.tier);
        ASSERT_GE(b.points, a.points);
        changed += static_cast<int>(b.tier != a.tier);
    }
    EXPECT_GT(changed, kRounds / 100);
}

TEST(AssessmentProperty, ABetterTierBeforeIsNeverAWorseOneNow) {
    Dice dice(2);
    int changed = 0;
    for (int round = 0; round < kRounds; ++round) {
        const StandingRules rules = dice.rules();
        const Inputs inputs = dice.inputs();
        const Tier poor = assess(rules, inputs, Tier::Poor, kNow).tier;
        const Tier neutral = assess(rules, inputs, Tier::Neutral, kNow).tier;
        const Tier good = assess(rules, inputs, Tier::Good, kNow).tier;
        ASSERT_LE(poor, neutral);
        ASSERT_LE(neutral, good);
        changed += static_cast<int>(poor != good);
    }
    EXPECT_GT(changed, kRounds / 100);
}

// What way_up() promises holds: with these inputs good the tier does rise.
TEST(AssessmentProperty, TheWayUpLeadsUp) {
    Dice dice(3);
    for (int round = 0; round < kRounds / 10; ++round) {
        const StandingRules rules = dice.rules();
        Standing standing = assess(rules, dice.inputs(), dice.tier(), kNow);
        const auto lines = way_up(rules, standing);
        ASSERT_EQ(lines.empty(), standing.tier == Tier::Good);
        if (lines.empty()) {
            continue;
        }
        const std::string first = lines.front();
        const auto at = first.find(" needs ") + 7;
        const std::int32_t needed = std::stoi(first.substr(at));
        ASSERT_GT(needed, 0);
        // The tier by points alone, as assess() has it.
        StandingRules none = rules;
        for (Threshold& each : none.thresholds) {
            each = {0, 0, 0, 1};
        }
        none.thresholds[0] = {1000, 1000,
                              static_cast<std::uint32_t>(std::abs(standing.points + needed)), 1};
        Inputs inputs{};
        inputs[0] = standing.points + needed >= 0 ? Measure{0, 1} : Measure{1, 1};
        const Standing risen = assess(none, inputs, standing.tier, kNow);
        ASSERT_EQ(risen.points, standing.points + needed);
        ASSERT_GT(risen.tier, standing.tier);
    }
}

TEST(Assessment, SaysWhatWasCountedAndTheThresholds) {
    const Standing standing =
        assess({}, {{{2, 4096}, {7200, 5}, {1, 2}, {}, {3, 9}, {1, 4}}}, Tier::Neutral, kNow);
    const auto lines = to_lines({}, standing);
    ASSERT_EQ(lines.size(), kStandingInputs + 1);
    EXPECT_EQ(lines[0],
              "listing rate: 0.488 in 1,000 (2 of 4096); good at most 1.000 in 1,000, poor above "
              "10.000 in 1,000: +2 points");
    EXPECT_EQ(lines[1],
              "time to remedy: 2h, the median of 5 reports; good at most 1d, poor above 1w: +1 "
              "point");
    EXPECT_EQ(lines[2],
              "repeat rate: 50.0 % (1 of 2); good at most 10.0 %, poor above 40.0 %: 2 is too few "
              "to conclude from, needed 3");
    EXPECT_NE(lines[3].find("nothing to measure"), std::string::npos);
    EXPECT_NE(lines[5].find("-2 points"), std::string::npos);
    EXPECT_EQ(lines[6].substr(0, 18), "+1 points: neutral");
}

}  // namespace
}  // namespace fairlist::rules
