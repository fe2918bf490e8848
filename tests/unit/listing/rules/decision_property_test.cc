// What holds of every decision, on random situations with a seed.
#include "listing/rules/decision.h"
#include "listing/rules/tally.h"
#include "tests/unit/listing/rules/hits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace fairlist::rules {
namespace {

constexpr int kRounds = 30000;

struct Scene {
    TrapRule rule;
    std::vector<CountedHit> hits;
    Situation situation;  // without its hits
    Subject border;
};

const Subject kIdentity = prefix("198.51.100.7");

class Dice {
  public:
    explicit Dice(unsigned seed) : random_(seed) {}

    unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
    bool one_in(unsigned times) { return below(times) == 0; }

    CountedHit hit() {
        constexpr std::uint16_t kWeights[] = {100, 100, 100, 50, 25, 200, 1};
        return {below(1000), ago(below(3 * kHour)), below(4), kWeights[below(7)],
                one_in(2) ? "lmtp" : "report:arf"};
    }

    std::optional<Past> past() {
        if (one_in(3)) {
            return std::nullopt;
        }
        const auto state = static_cast<ListingState>(1 + below(6));
        Past made{state, {}, {}, {}, 1 + below(6)};
        made.until = one_in(5) ? Time{} : Time{kNow.seconds - kDay + below(3 * kDay)};
        if (state == ListingState::Noticed) {
            made.notice_until = Time{kNow.seconds - kHour + below(2 * kHour)};
            made.until = later(made.notice_until, kHour);
        }
        if (has_ended(state)) {
            made.ended = ago(below(3 * kDay));
        }
        return made;
    }

    Scene scene() {
        Scene made;
        made.rule.name = "r";
        made.rule.hits = 1 + below(6);
        made.rule.traps = 1 + below(4);
        made.rule.window_seconds = 1 + below(2 * kHour);
        made.rule.reset_seconds = below(4 * kDay);
        made.rule.notice_seconds = one_in(2) ? 0 : below(kHour);
        made.rule.escalate_count = below(5);
        made.rule.lifetimes_seconds.assign(1 + below(4), 0);
        for (std::uint32_t& each : made.rule.lifetimes_seconds) {
            each = 1 + below(4 * kDay);
        }
        std::ranges::sort(made.rule.lifetimes_seconds);
        for (unsigned i = below(10); i != 0; --i) {
            made.hits.push_back(hit());
        }
        sort(made.hits);
        made.border = one_in(3) ? kIdentity : prefix("198.51.100.0/24");
        made.situation.past = past();
        made.situation.border_past = past();
        made.situation.listed_in_border = below(6);
        made.situation.refusal = one_in(8) ? "protected" : "";
        made.situation.border_refusal = one_in(8) ? "protected" : "";
        return made;
    }

    static void sort(std::vector<CountedHit>& hits) {
        std::ranges::sort(hits, {}, &CountedHit::time);
    }

  private:
    std::mt19937 random_;
};

Decision decide(const Scene& scene) {
    Situation situation = scene.situation;
    situation.hits = scene.hits;
    return rules::decide(scene.rule, kIdentity, scene.border, situation, kNow);
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

// For a listing without end nothing is later.
bool is_no_earlier(Time time, Time than) {
    return !time.is_set() || (than.is_set() && time >= than);
}

void expect_no_milder(const Decision& more, const Decision& less) {
    ASSERT_GE(harshness(more), harshness(less));
    if (harshness(less) == 2) {
        ASSERT_EQ(more.outcome, less.outcome);
        ASSERT_EQ(more.subject, less.subject);
        ASSERT_EQ(more.until, less.until);
    }
}

TEST(DecisionProperty, MoreHitsAreNeverMilder) {
    Dice dice(1);
    int changed = 0;
    for (int round = 0; round < kRounds; ++round) {
        Scene scene = dice.scene();
        const Decision less = decide(scene);
        scene.hits.push_back(dice.hit());
        Dice::sort(scene.hits);
        const Decision more = decide(scene);
        expect_no_milder(more, less);
        changed += static_cast<int>(more.outcome != less.outcome);
    }
    EXPECT_GT(changed, kRounds / 100);
}

TEST(DecisionProperty, HeavierHitsAreNeverMilder) {
    Dice dice(2);
    for (int round = 0; round < kRounds; ++round) {
        Scene scene = dice.scene();
        const Decision less = decide(scene);
        for (CountedHit& hit : scene.hits) {
            hit.weight = static_cast<std::uint16_t>(hit.weight + dice.below(100));
        }
        expect_no_milder(decide(scene), less);
    }
}

TEST(DecisionProperty, ANarrowerWindowIsNeverHarsher) {
    Dice dice(3);
    int changed = 0;
    for (int round = 0; round < kRounds; ++round) {
        Scene scene = dice.scene();
        const Decision wide = decide(scene);
        scene.rule.window_seconds = 1 + dice.below(scene.rule.window_seconds);
        const Decision narrow = decide(scene);
        ASSERT_LE(harshness(narrow), harshness(wide));
        changed += static_cast<int>(narrow.outcome != wide.outcome);
    }
    EXPECT_GT(changed, kRounds / 100);
}

TEST(DecisionProperty, HigherThresholdsAreNeverHarsher) {
    Dice dice(4);
    for (int round = 0; round < kRounds; ++round) {
        Scene scene = dice.scene();
        const Decision low = decide(scene);
        scene.rule.hits += dice.below(3);
        scene.rule.traps += dice.below(3);
        ASSERT_LE(harshness(decide(scene)), harshness(low));
    }
}

TEST(DecisionProperty, ExtendingNeverShortens) {
    Dice dice(5);
    int extended = 0;
    for (int round = 0; round < kRounds; ++round) {
        const Scene scene = dice.scene();
        const Decision made = decide(scene);
        if (made.outcome != Outcome::Extend) {
            continue;
        }
        ++extended;
        const auto& past =
            made.subject == kIdentity ? scene.situation.past : scene.situation.border_past;
        ASSERT_EQ(past->state, ListingState::Open);
        ASSERT_TRUE(is_no_earlier(made.until, past->until));
    }
    EXPECT_GT(extended, kRounds / 200);
}

TEST(DecisionProperty, NothingButTheIdentityOrItsBorderIsListedAndOnlyWhatMayBe) {
    Dice dice(6);
    for (int round = 0; round < kRounds; ++round) {
        const Scene scene = dice.scene();
        const Decision made = decide(scene);
        ASSERT_TRUE(made.subject == kIdentity || made.subject == scene.border);
        ASSERT_LE(made.steps.size(), kEventStepsMax);
        if (harshness(made) == 0) {
            continue;
        }
        ASSERT_EQ(scene.situation.refusal, "");
        if (made.subject != kIdentity) {
            ASSERT_EQ(scene.situation.border_refusal, "");
            ASSERT_EQ(harshness(made), 2);
        }
        ASSERT_TRUE(!made.until.is_set() || made.until > kNow);
        ASSERT_GE(made.times, 1U);
    }
}

TEST(DecisionProperty, MoreEarlierListingsNeverGiveAShorterOne) {
    Dice dice(7);
    for (int round = 0; round < kRounds; ++round) {
        Scene scene = dice.scene();
        const Decision less = decide(scene);
        for (auto* past : {&scene.situation.past, &scene.situation.border_past}) {
            if (past->has_value()) {
                (*past)->times += dice.below(4);
            }
        }
        const Decision more = decide(scene);
        ASSERT_EQ(more.outcome, less.outcome);
        ASSERT_TRUE(is_no_earlier(more.until, less.until));
    }
}

// The slow twin: weight and traps by walking over all pairs.
TEST(TallyTwin, CountsAsASlowWalkDoes) {
    Dice dice(8);
    for (int round = 0; round < kRounds; ++round) {
        const Scene scene = dice.scene();
        std::uint64_t weight = 0;
        std::uint64_t traps = 0;
        for (std::size_t i = 0; i < scene.hits.size(); ++i) {
            const CountedHit& hit = scene.hits[i];
            const std::int64_t age = std::int64_t{kNow.seconds} - hit.time.seconds;
            if (age < 0 || age >= std::int64_t{scene.rule.window_seconds}) {
                continue;
            }
            weight += hit.weight;
            bool is_new = true;
            for (std::size_t j = 0; j < i; ++j) {
                const CountedHit& other = scene.hits[j];
                const std::int64_t other_age = std::int64_t{kNow.seconds} - other.time.seconds;
                const bool same = hit.trap != 0 ? other.trap == hit.trap
                                                : other.trap == 0 && other.sensor == hit.sensor;
                if (same && other_age < std::int64_t{scene.rule.window_seconds}) {
                    is_new = false;
                }
            }
            traps += static_cast<std::uint64_t>(is_new);
        }
        const Tally tally = tally_of(scene.rule, scene.hits, kNow);
        ASSERT_EQ(tally.weight, weight);
        ASSERT_EQ(tally.traps, traps);
        ASSERT_EQ(tally.reaches(scene.rule),
                  weight >= scene.rule.hits * 100ULL && traps >= scene.rule.traps);
    }
}

}  // namespace
}  // namespace fairlist::rules
