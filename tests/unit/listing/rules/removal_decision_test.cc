#include "listing/rules/removal_decision.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace fairlist::rules {
namespace {

// 12:30 of a day.
constexpr Time kNow{1'700'000'000 - 1'700'000'000 % 86400 + 12 * 3600 + 1800};
constexpr Time ago(std::uint32_t seconds) {
    return Time{kNow.seconds - seconds};
}
constexpr Time in(std::uint32_t seconds) {
    return Time{kNow.seconds + seconds};
}

const std::vector<Check> kPass = {{CheckKind::Ptr, CheckResult::Passed, "", ""}};
const std::vector<Check> kFail = {{CheckKind::Ptr, CheckResult::Failed, "no PTR", "set one"}};
const std::vector<Check> kUnknown = {{CheckKind::Ptr, CheckResult::Unknown, "timeout", ""}};

RemovalSituation plain() {
    RemovalSituation situation;
    situation.effect = StandingRules{}.effect(Tier::Neutral);
    situation.tier_text = "standing neutral of example-cloud";
    situation.checks = kPass;
    situation.asked = kNow;
    return situation;
}

struct Row {
    std::string name;
    RemovalMode mode = RemovalMode::Quiet;
    std::vector<CheckKind> needed{};
    void (*change)(RemovalSituation&) = nullptr;
    RemovalState state = RemovalState::Granted;
    Time until;
    std::string says;
};

const std::uint32_t kWatch = RemovalRule{}.watch_seconds;
constexpr std::uint32_t kDay = 86400;

class RemovalDecisionTable : public testing::TestWithParam<Row> {};

TEST_P(RemovalDecisionTable, decides) {
    RemovalRule rule;
    rule.mode = GetParam().mode;
    rule.needed = GetParam().needed;
    RemovalSituation situation = plain();
    if (GetParam().change != nullptr) {
        GetParam().change(situation);
    }
    const RemovalDecision decision = decide_removal(rule, situation, kNow);
    EXPECT_EQ(decision.state, GetParam().state) << decision.outcome;
    EXPECT_EQ(decision.until, GetParam().until) << decision.outcome;
    EXPECT_NE(decision.outcome.find(GetParam().says), std::string::npos) << decision.outcome;
}

using enum RemovalState;
using S = RemovalSituation;

INSTANTIATE_TEST_SUITE_P(
    Rows, RemovalDecisionTable,
    testing::Values(
        Row{"first", RemovalMode::Quiet, {}, nullptr, Granted, in(kWatch), "quiet time"},
        // 11:10: its hour ends at 12:00, and an hour of quiet more at 13:00.
        Row{"tooSoon",
            RemovalMode::Quiet,
            {},
            [](S& s) { s.last_hit = ago(80 * 60); },
            Waiting,
            in(1800),
            "1h without"},
        Row{"sameHourSameAnswer",
            RemovalMode::Quiet,
            {},
            [](S& s) { s.last_hit = ago(60 * 60); },
            Waiting,
            in(1800),
            "1h without"},
        Row{"quietEnough",
            RemovalMode::Quiet,
            {},
            [](S& s) { s.last_hit = ago(3 * 3600); },
            Granted,
            in(kWatch),
            "quiet time"},
        Row{"second",
            RemovalMode::Quiet,
            {},
            [](S& s) { s.earlier = 1; },
            Waiting,
            in(kDay),
            "earlier removals: 1"},
        Row{"third",
            RemovalMode::Quiet,
            {},
            [](S& s) { s.earlier = 2; },
            Waiting,
            in(7 * kDay),
            "1w"},
        Row{"lastStays",
            RemovalMode::Quiet,
            {},
            [](S& s) { s.earlier = 90; },
            Waiting,
            in(30 * kDay),
            "earlier removals: 90"},
        Row{"waited",
            RemovalMode::Quiet,
            {},
            [](S& s) {
                s.earlier = 1;
                s.asked = ago(kDay);
            },
            Granted,
            in(kWatch),
            "earlier removals: 1"},
        Row{"neededFails",
            RemovalMode::Quiet,
            {CheckKind::Ptr},
            [](S& s) { s.checks = kFail; },
            Refused,
            {},
            "check ptr: needed passed, seen failed: no PTR"},
        Row{"notNeeded",
            RemovalMode::Quiet,
            {},
            [](S& s) { s.checks = kFail; },
            Granted,
            in(kWatch),
            "quiet"},
        Row{"unknown",
            RemovalMode::Quiet,
            {CheckKind::Ptr},
            [](S& s) { s.checks = kUnknown; },
            Waiting,
            in(900),
            "tried again"},
        Row{"unknownForADay",
            RemovalMode::Quiet,
            {CheckKind::Ptr},
            [](S& s) {
                s.checks = kUnknown;
                s.asked = ago(kDay);
            },
            Operator,
            {},
            "person"},
        Row{"attestedByGood",
            RemovalMode::Quiet,
            {CheckKind::Ptr},
            [](S& s) {
                s.attested = true;
                s.effect = StandingRules{}.effect(Tier::Good);
                s.checks = kFail;
                s.last_hit = kNow;
                s.earlier = 5;
            },
            Granted,
            in(kWatch),
            "attested"},
        Row{"attestedByNeutral",
            RemovalMode::Quiet,
            {CheckKind::Ptr},
            [](S& s) {
                s.attested = true;
                s.checks = kFail;
            },
            Refused,
            {},
            "ptr"},
        Row{"attestedByNeutralPasses",
            RemovalMode::Quiet,
            {CheckKind::Ptr},
            [](S& s) { s.attested = true; },
            Granted,
            in(kWatch),
            "quiet"},
        Row{"attestedByPoor",
            RemovalMode::Quiet,
            {},
            [](S& s) {
                s.attested = true;
                s.effect = StandingRules{}.effect(Tier::Poor);
            },
            Waiting,
            in(kDay),
            "attested fix"},
        Row{"exemption",
            RemovalMode::Exemption,
            {CheckKind::Ptr},
            nullptr,
            Granted,
            in(kWatch),
            "permits"},
        Row{"exemptionForbidden",
            RemovalMode::Exemption,
            {},
            [](S& s) {
                s.policy_permits = false;
                s.policy_text = "direct mail never";
            },
            Refused,
            {},
            "seen direct mail never"},
        Row{"exemptionByHolder",
            RemovalMode::Exemption,
            {CheckKind::Ptr},
            [](S& s) {
                s.policy_permits = false;
                s.checks = kFail;
                s.proof = ProofKind::Provider;
            },
            Granted,
            in(kWatch),
            "holds"},
        Row{"exemptionFails",
            RemovalMode::Exemption,
            {CheckKind::Ptr},
            [](S& s) { s.checks = kFail; },
            Refused,
            {},
            "ptr"},
        Row{"person", RemovalMode::Person, {}, nullptr, Operator, {}, "person"},
        Row{"never", RemovalMode::Never, {}, nullptr, Refused, {}, "source"}),
    [](const auto& row) { return row.param.name; });

// Smaller is better. A wait that ends sooner is better than a later one.
std::tuple<int, std::uint32_t> badness(const RemovalDecision& decision) {
    switch (decision.state) {
        case Granted:
            return {0, 0};
        case Waiting:
            return {1, decision.until.seconds};
        case Operator:
            return {2, 0};
        default:
            return {3, 0};
    }
}

TEST(RemovalDecisionProperty, whatIsBetterGivesNothingWorse) {
    std::mt19937 random(5);
    const auto below = [&](unsigned end) {
        return static_cast<unsigned>(random() % end);
    };
    const std::vector<Check>* checks[] = {&kPass, &kFail, &kUnknown};
    int waits = 0;
    for (int round = 0; round < 30000; ++round) {
        RemovalRule rule;
        rule.mode = static_cast<RemovalMode>(below(4));
        rule.quiet_seconds = below(3) * 1800 + below(5) * 601;
        if (below(2) == 0) {
            rule.needed = {CheckKind::Ptr};
        }
        RemovalSituation worse = plain();
        worse.checks = *checks[below(3)];
        worse.proof = static_cast<ProofKind>(1 + below(5));
        worse.attested = below(2) == 0;
        worse.asked = ago(below(3 * kDay));
        worse.last_hit = below(4) == 0 ? Time{} : ago(below(20000));
        worse.earlier = below(6);
        const unsigned tier = below(3);
        worse.effect = StandingRules{}.effects[tier];
        worse.policy_permits = below(2) == 0;
        RemovalSituation better = worse;
        if (better.last_hit.is_set()) {
            better.last_hit.seconds -= below(20000);
        }
        better.earlier -= below(better.earlier + 1);
        better.effect = StandingRules{}.effects[tier + below(3 - tier)];
        better.policy_permits = worse.policy_permits || below(2) == 0;
        const RemovalDecision was = decide_removal(rule, worse, kNow);
        const RemovalDecision is = decide_removal(rule, better, kNow);
        waits += was.state == Waiting ? 1 : 0;
        EXPECT_LE(badness(is), badness(was)) << was.outcome << " / " << is.outcome;
        EXPECT_FALSE(was.outcome.empty());
        // A wait is never over already: the desk would turn in circles.
        EXPECT_TRUE(was.state != Waiting || was.until > kNow) << was.outcome;
    }
    EXPECT_GT(waits, 1000);
}

// Two hits within one hour cannot be told apart by what is decided, at whatever time.
TEST(RemovalDecisionProperty, nothingTellsMoreOfAHitThanItsHour) {
    std::mt19937 random(6);
    for (int round = 0; round < 5000; ++round) {
        RemovalRule rule;
        rule.quiet_seconds = static_cast<std::uint32_t>(random() % 20000);
        RemovalSituation one = plain();
        const Time hour = hour_of(ago(static_cast<std::uint32_t>(3600 + random() % 40000)));
        one.last_hit = Time{hour.seconds + static_cast<std::uint32_t>(random() % 3600)};
        RemovalSituation other = one;
        other.last_hit = Time{hour.seconds + static_cast<std::uint32_t>(random() % 3600)};
        const RemovalDecision a = decide_removal(rule, one, kNow);
        const RemovalDecision b = decide_removal(rule, other, kNow);
        EXPECT_EQ(a.state, b.state);
        EXPECT_EQ(a.until, b.until);
        EXPECT_EQ(a.outcome, b.outcome);
    }
}

}  // namespace
}  // namespace fairlist::rules
