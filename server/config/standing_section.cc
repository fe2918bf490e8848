#include "server/config/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;
constexpr std::uint64_t kPointsMax = 100;
constexpr std::uint64_t kPercentMax = 1000;
constexpr std::uint64_t kThousandthsOfPercent = 10;

// From the mildest to the harshest.
constexpr std::array<Choice<Escalation>, 4> kEscalations = {{{"never", Escalation::Never},
                                                             {"assignment", Escalation::Assignment},
                                                             {"as-rule", Escalation::AsRule},
                                                             {"wide", Escalation::Wide}}};

std::size_t harshness(Escalation escalation) noexcept {
    const auto* found = std::ranges::find(kEscalations, escalation, &Choice<Escalation>::value);
    return static_cast<std::size_t>(found - kEscalations.begin());
}

void read_counting(Reader& in, Threshold& out) {
    in.number("weight", out.weight, {0, kPointsMax});
    in.number("at_least", out.at_least, {1, 1000000});
}

void check_falling(Reader& in, const Threshold& threshold) {
    if (threshold.good > threshold.poor) {
        in.fault("good", "above poor: of this the less the better");
    }
}

// Of a million addresses.
void read_rate(Reader& in, Threshold& out) {
    in.number("good", out.good, {0, 1000000});
    in.number("poor", out.poor, {0, 1000000});
    read_counting(in, out);
    check_falling(in, out);
}

void read_time(Reader& in, Threshold& out) {
    auto good = static_cast<std::uint32_t>(out.good);
    auto poor = static_cast<std::uint32_t>(out.poor);
    in.duration("good", good, {0, 365 * kDay});
    in.duration("poor", poor, {0, 365 * kDay});
    out.good = good;
    out.poor = poor;
    read_counting(in, out);
    check_falling(in, out);
}

void read_percent(Reader& in, Threshold& out) {
    std::uint64_t good = out.good / kThousandthsOfPercent;
    std::uint64_t poor = out.poor / kThousandthsOfPercent;
    in.number("good", good, {0, 100});
    in.number("poor", poor, {0, 100});
    out.good = good * kThousandthsOfPercent;
    out.poor = poor * kThousandthsOfPercent;
    read_counting(in, out);
}

void read_falling_share(Reader& in, Threshold& out) {
    read_percent(in, out);
    check_falling(in, out);
}

void read_rising_share(Reader& in, Threshold& out) {
    read_percent(in, out);
    if (out.good < out.poor) {
        in.fault("good", "below poor: of this the more the better");
    }
}

void read_effect(Reader& in, TierEffect& out) {
    in.duration("notice", out.notice_seconds, {0, 30 * kDay});
    in.number("hits_percent", out.hits_percent, {1, kPercentMax});
    in.number("lifetime_percent", out.lifetime_percent, {1, kPercentMax});
    in.choice("escalation", out.escalation, kEscalations);
    in.flag("attest_checks", out.attest_needs_checks);
    in.duration("attest_wait", out.attest_wait_seconds, {0, 30 * kDay});
}

// A better tier must never be worse to have: each effect is as mild as the one below it, or milder.
void check_order(Reader& in, std::string_view tier, const TierEffect& effect,
                 std::string_view below, const TierEffect& worse) {
    const auto check = [&](std::string_view key, bool is_harsher) {
        if (is_harsher) {
            in.fault(fmt::format("{}.{}", tier, key),
                     fmt::format("harsher than that of {}: a better standing is never worse to "
                                 "have",
                                 below));
        }
    };
    check("notice", effect.notice_seconds < worse.notice_seconds);
    check("hits_percent", effect.hits_percent < worse.hits_percent);
    check("lifetime_percent", effect.lifetime_percent > worse.lifetime_percent);
    check("escalation", harshness(effect.escalation) > harshness(worse.escalation));
    check("attest_checks", effect.attest_needs_checks && !worse.attest_needs_checks);
    check("attest_wait", effect.attest_wait_seconds > worse.attest_wait_seconds);
}

void read_points(Reader& in, StandingRules& out) {
    auto good = static_cast<std::uint32_t>(out.good_points);
    auto poor = static_cast<std::uint32_t>(-out.poor_points);
    auto hysteresis = static_cast<std::uint32_t>(out.hysteresis);
    in.number("good_points", good, {1, kPointsMax});
    in.number("poor_points", poor, {1, kPointsMax});
    in.number("hysteresis", hysteresis, {0, kPointsMax});
    if (std::uint64_t{2} * hysteresis >= std::uint64_t{good} + poor) {
        in.fault("hysteresis",
                 fmt::format("{}: leaves nothing between good ({}) and poor ({} below zero)",
                             hysteresis, good, poor));
    }
    out.good_points = static_cast<std::int32_t>(good);
    out.poor_points = -static_cast<std::int32_t>(poor);
    out.hysteresis = static_cast<std::int32_t>(hysteresis);
}

Threshold& threshold(StandingRules& rules, StandingInput input) {
    return rules.thresholds[static_cast<std::size_t>(input) - 1];
}

}  // namespace

void read_standing(Reader& in, StandingRules& out) {
    in.duration("window", out.window_seconds, {kDay, 365 * kDay});
    in.duration("attest_watch", out.attest_watch_seconds, {3600, 90 * kDay});
    read_points(in, out);
    in.table("listing_rate", threshold(out, StandingInput::ListingRate), read_rate);
    in.table("time_to_remedy", threshold(out, StandingInput::TimeToRemedy), read_time);
    in.table("repeat_rate", threshold(out, StandingInput::RepeatRate), read_falling_share);
    in.table("policy_coverage", threshold(out, StandingInput::PolicyCoverage), read_rising_share);
    in.table("identification", threshold(out, StandingInput::Identification), read_rising_share);
    in.table("honest_word", threshold(out, StandingInput::HonestWord), read_rising_share);
    auto& [poor, neutral, good] = out.effects;
    in.table("poor", poor, read_effect);
    in.table("neutral", neutral, read_effect);
    in.table("good", good, read_effect);
    check_order(in, "neutral", neutral, "poor", poor);
    check_order(in, "good", good, "neutral", neutral);
}

}  // namespace fairlist::config
