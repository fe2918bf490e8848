// A rule as a tier makes it: named cases, and that a better tier is never worse to be judged by.
#include "listing/rules/adjustment.h"

#include "listing/rules/border.h"
#include "listing/rules/decision.h"
#include "tests/unit/listing/rules/hits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist::rules {
namespace {

constexpr int kRounds = 20000;

TrapRule rule_of(std::uint32_t hits, std::uint32_t traps) {
    TrapRule rule;
    rule.name = "r";
    rule.hits = hits;
    rule.traps = traps;
    rule.lifetimes_seconds = {86400, 7 * 86400};
    return rule;
}

Adjusted adjusted(const TrapRule& rule, Tier tier) {
    return adjust(rule, "example-cloud", tier, StandingRules{}.effect(tier));
}

struct HitsRow {
    const char* name;
    std::uint32_t hits, traps;
    Tier tier;
    std::uint32_t hits_after, traps_after;
};

const HitsRow kHits[] = {
    {"neutral changes nothing", 3, 2, Tier::Neutral, 3, 2},
    {"poor: half, rounded up", 3, 2, Tier::Poor, 2, 2},
    {"poor: one stays one", 1, 1, Tier::Poor, 1, 1},
    {"poor: no more traps than hits", 4, 4, Tier::Poor, 2, 2},
    {"good: twice, of as many traps", 3, 2, Tier::Good, 6, 2},
    {"good: no more than a rule may ask for", 800, 2, Tier::Good, kRuleHitsMax, 2},
    {"more traps than hits, as light hits weigh less", 1, 2, Tier::Neutral, 1, 2},
};

TEST(Adjustment, HitsAndTraps) {
    for (const HitsRow& row : kHits) {
        SCOPED_TRACE(row.name);
        const Adjusted made = adjusted(rule_of(row.hits, row.traps), row.tier);
        EXPECT_EQ(made.rule.hits, row.hits_after);
        EXPECT_EQ(made.rule.traps, row.traps_after);
    }
}

TEST(Adjustment, SaysWhatItChanged) {
    TrapRule rule = rule_of(3, 2);
    rule.escalate_count = 3;
    rule.border_v4 = 24;
    EXPECT_EQ(adjusted(rule, Tier::Good).steps,
              (std::vector<std::string>{
                  "standing good of example-cloud: 6 hits of 2 traps needed instead of 3 of 2",
                  "standing good of example-cloud: lifetimes 50 % of the rule's",
                  "standing good of example-cloud: notice of 30m before a listing",
                  "standing good of example-cloud: listings do not widen"}));
    const Adjusted neutral = adjusted(rule, Tier::Neutral);
    EXPECT_EQ(neutral.steps,
              std::vector<std::string>{"standing neutral of example-cloud: listings widen to a "
                                       "published assignment only"});
    EXPECT_EQ(neutral.rule.border_v4, 32);
    EXPECT_EQ(neutral.rule.escalate_count, 3U);
    rule.border_v4 = 32;
    EXPECT_TRUE(adjusted(rule, Tier::Neutral).steps.empty());
}

TEST(Adjustment, EscalationOfPoorReachesTheTwentyFour) {
    TrapRule rule = rule_of(3, 2);
    EXPECT_EQ(adjusted(rule, Tier::Poor).rule.border_v4, 32) << "the rule does not widen at all";
    rule.escalate_count = 4;
    const Adjusted poor = adjusted(rule, Tier::Poor);
    EXPECT_EQ(poor.rule.border_v4, 24);
    EXPECT_EQ(poor.rule.border_v6, 48);
    EXPECT_EQ(poor.rule.escalate_count, 4U);
    rule.border_v4 = 20;
    EXPECT_EQ(adjusted(rule, Tier::Poor).rule.border_v4, 20) << "what the rule gives stays";
    EXPECT_EQ(poor.rule.lifetimes_seconds, (std::vector<std::uint32_t>{2 * 86400, 14 * 86400}));
}

TEST(Adjustment, ANoticeThatTheRuleGivesIsNotTakenAway) {
    TrapRule rule = rule_of(3, 2);
    rule.notice_seconds = 7200;
    EXPECT_EQ(adjusted(rule, Tier::Poor).rule.notice_seconds, 7200U);
    EXPECT_EQ(adjusted(rule, Tier::Good).rule.notice_seconds, 7200U);
}

class Dice {
  public:
    explicit Dice(unsigned seed) : random_(seed) {}

    unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
    bool one_in(unsigned times) { return below(times) == 0; }

    TrapRule rule() {
        TrapRule made = rule_of(1 + below(6), 1 + below(4));
        made.window_seconds = 1 + below(2 * kHour);
        made.reset_seconds = below(4 * kDay);
        made.notice_seconds = one_in(2) ? 0 : below(kHour);
        made.escalate_count = below(5);
        made.border_v4 = static_cast<std::uint8_t>(one_in(2) ? 32 : 20 + below(13));
        made.lifetimes_seconds = {1 + below(kDay), kDay + below(4 * kDay)};
        return made;
    }

    // Each no milder than the next.
    std::array<TierEffect, 3> effects() {
        std::array<TierEffect, 3> made{};
        constexpr Escalation kFromWide[] = {Escalation::Wide, Escalation::AsRule,
                                            Escalation::Assignment, Escalation::Never};
        unsigned widening = 0;
        TierEffect last{0, 1 + below(100), 100 + below(200), Escalation::Wide, true, 0};
        for (TierEffect& each : made) {
            widening += below(4 - widening);
            last.notice_seconds += one_in(2) ? 0 : below(kHour);
            last.hits_percent += below(150);
            last.lifetime_percent -= below(last.lifetime_percent);
            last.escalation = kFromWide[widening];
            each = last;
        }
        return made;
    }

    AddressSpace space() {
        std::vector<SpaceRange> ranges;
        constexpr SpaceUse kUses[] = {SpaceUse::Assigned, SpaceUse::Dedicated, SpaceUse::Shared,
                                      SpaceUse::Dynamic};
        const char* const wheres[] = {"198.51.100.0/25", "198.51.100.0/28", "198.51.100.0/22"};
        for (const char* where : wheres) {
            if (one_in(2)) {
                ranges.push_back({*parse_prefix(where, true), kUses[below(4)], "", {}});
            }
        }
        return AddressSpace(std::move(ranges));
    }

    std::vector<CountedHit> hits() {
        std::vector<CountedHit> made;
        for (unsigned i = below(14); i != 0; --i) {
            made.push_back({below(1000), ago(below(2 * kHour)), below(4),
                            static_cast<std::uint16_t>(one_in(3) ? 50 : 100), "lmtp"});
        }
        std::ranges::sort(made, {}, &CountedHit::time);
        return made;
    }

    std::optional<Past> past() {
        if (one_in(3)) {
            return std::nullopt;
        }
        const auto state = static_cast<ListingState>(1 + below(6));
        Past made{state, {}, {}, {}, 1 + below(6)};
        made.until = Time{kNow.seconds - kDay + below(3 * kDay)};
        if (state == ListingState::Noticed) {
            made.notice_until = Time{kNow.seconds - kHour + below(2 * kHour)};
            made.until = later(made.notice_until, kHour);
        }
        if (has_ended(state)) {
            made.ended = ago(below(3 * kDay));
        }
        return made;
    }

    // Last octets of open listings beside the identity's.
    std::vector<unsigned> neighbours() {
        std::vector<unsigned> made;
        for (unsigned i = below(6); i != 0; --i) {
            made.push_back(8 + below(248));
        }
        return made;
    }

  private:
    std::mt19937 random_;
};

struct Scene {
    TrapRule rule;
    AddressSpace space;
    std::vector<CountedHit> hits;
    std::optional<Past> past;
    std::vector<unsigned> neighbours;
};

const Subject kIdentity = prefix("198.51.100.7");

Decision decide(const Scene& scene, const std::array<TierEffect, 3>& effects, Tier tier, Dice& dice,
                std::map<Subject, std::optional<Past>>& pasts) {
    const TrapRule rule =
        adjust(scene.rule, "p", tier, effects[static_cast<std::size_t>(tier) - 1]).rule;
    const Subject border = border_of(rule, scene.space, kIdentity);
    Situation situation;
    situation.hits = scene.hits;
    situation.past = scene.past;
    if (border != kIdentity) {
        if (!pasts.contains(border)) {
            pasts[border] = dice.past();
        }
        situation.border_past = pasts[border];
    }
    const Prefix& wide = std::get<Prefix>(border);
    situation.listed_in_border =
        static_cast<std::uint32_t>(std::ranges::count_if(scene.neighbours, [&](unsigned octet) {
            return wide.contains(Address::from_v4(0xC6336400U | octet));
        }));
    return rules::decide(rule, kIdentity, border, situation, kNow);
}

int harshness(const Decision& decision) {
    switch (decision.outcome) {
        case Outcome::Notice:
            return 1;
        case Outcome::Open:
        case Outcome::Extend:
            return 2;
        default:
            return 0;
    }
}

bool is_no_earlier(Time time, Time than) {
    return !time.is_set() || (than.is_set() && time >= than);
}

// Not listed, then noticed, then listed; of listings the wider is worse, then the longer.
void expect_no_worse(const Decision& better, const Decision& worse) {
    ASSERT_LE(harshness(better), harshness(worse));
    if (harshness(better) != 2) {
        return;
    }
    ASSERT_TRUE(std::get<Prefix>(worse.subject).contains(std::get<Prefix>(better.subject)))
        << to_string(better.subject) << " against " << to_string(worse.subject);
    if (better.subject == worse.subject) {
        ASSERT_TRUE(is_no_earlier(worse.until, better.until));
    }
}

TEST(AdjustmentProperty, ABetterTierIsNeverAWorseOutcome) {
    Dice dice(1);
    int milder = 0;
    int narrower = 0;
    for (int round = 0; round < kRounds; ++round) {
        const Scene scene{dice.rule(), dice.space(), dice.hits(), dice.past(), dice.neighbours()};
        const auto effects = round % 2 == 0 ? StandingRules{}.effects : dice.effects();
        std::map<Subject, std::optional<Past>> pasts;
        const Decision poor = decide(scene, effects, Tier::Poor, dice, pasts);
        const Decision neutral = decide(scene, effects, Tier::Neutral, dice, pasts);
        const Decision good = decide(scene, effects, Tier::Good, dice, pasts);
        expect_no_worse(neutral, poor);
        expect_no_worse(good, neutral);
        if (HasFatalFailure()) {
            FAIL() << "round " << round;
        }
        milder += static_cast<int>(harshness(good) < harshness(poor));
        narrower += static_cast<int>(harshness(good) == 2 && good.subject != poor.subject);
    }
    EXPECT_GT(milder, kRounds / 20);
    EXPECT_GT(narrower, kRounds / 500);
}

}  // namespace
}  // namespace fairlist::rules
