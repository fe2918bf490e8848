// Standing: the measured good faith of a provider, and what it changes.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class Tier : std::uint8_t { Poor = 1, Neutral = 2, Good = 3 };
[[nodiscard]] std::string_view to_string(Tier tier) noexcept;
[[nodiscard]] Result<Tier> parse_tier(std::string_view text);

// Inputs in the order of listing.md. On disk.
enum class StandingInput : std::uint8_t {
    ListingRate = 1,     // listed addresses per 1,000 addresses held
    TimeToRemedy = 2,    // median seconds from report to the last hit that followed
    RepeatRate = 3,      // share of removed subjects listed again within 30 days
    PolicyCoverage = 4,  // share of the space under a published policy that is fresh
    Identification = 5,  // share of hits that fell into a published assignment
    HonestWord = 6       // share of attested fixes after which the hits did stop
};
inline constexpr std::size_t kStandingInputs = 6;
[[nodiscard]] std::string_view to_string(StandingInput input) noexcept;

// What was counted. Of TimeToRemedy: `part` is the median in seconds, `whole` how many reports.
struct Measure {
    std::uint64_t part = 0;
    std::uint64_t whole = 0;  // 0: there was nothing to measure
    friend bool operator==(const Measure&, const Measure&) noexcept = default;
};

// Thresholds in thousandths (of a share; of addresses per 1,000), of TimeToRemedy in seconds. For
// rates, where less is better, good <= poor; for shares, where more is better, good >= poor.
struct Threshold {
    std::uint64_t good = 0;
    std::uint64_t poor = 0;
    std::uint32_t weight = 1;    // points that it gives or takes; 0: it is shown and not counted
    std::uint64_t at_least = 1;  // of less than so many nothing is concluded
};

// How far a listing may widen. On disk in steps of decisions only.
enum class Escalation : std::uint8_t {
    AsRule,  // as the trap rule says
    Never,
    Assignment,  // to the published assignment, never past it
    Wide         // to the assignment, else to the /24 (IPv6: the /48)
};

struct TierEffect {
    std::uint32_t notice_seconds = 0;
    std::uint32_t hits_percent = 100;
    std::uint32_t lifetime_percent = 100;
    Escalation escalation = Escalation::Assignment;
    bool attest_needs_checks = true;
    std::uint32_t attest_wait_seconds = 0;
};

// All of it is configuration.
struct StandingRules {
    std::array<Threshold, kStandingInputs> thresholds{{
        {1000, 10000, 2, 1},       // good: at most 1 in 1,000; poor: more than 10
        {86400, 7 * 86400, 1, 3},  // good: within a day; poor: longer than a week
        {100, 400, 1, 3},          // good: at most 10 %; poor: more than 40 %
        {800, 200, 1, 1},          // good: at least 80 %; poor: less than 20 %
        {600, 100, 1, 10},
        {900, 600, 2, 2},
    }};
    std::int32_t good_points = 4;   // at least
    std::int32_t poor_points = -2;  // at most
    std::int32_t hysteresis = 1;    // so many points more to come into a tier than to stay in it
    std::uint32_t window_seconds = 30 * 86400;
    // So long after an attested fix a hit says that it was none.
    std::uint32_t attest_watch_seconds = 7 * 86400;
    std::array<TierEffect, 3> effects{{
        {0, 50, 200, Escalation::Wide, true, 86400},
        {0, 100, 100, Escalation::Assignment, true, 0},
        {1800, 200, 50, Escalation::Never, false, 0},
    }};

    [[nodiscard]] const TierEffect& effect(Tier tier) const noexcept {
        return effects[static_cast<std::size_t>(tier) - 1];
    }
};

// Of one day.
struct Standing {
    Time computed;
    Tier tier = Tier::Neutral;
    Tier before = Tier::Neutral;
    std::int32_t points = 0;
    std::array<Measure, kStandingInputs> inputs{};
    std::array<std::int32_t, kStandingInputs> given{};  // points of each input

    friend bool operator==(const Standing&, const Standing&) noexcept = default;
};

}  // namespace fairlist
