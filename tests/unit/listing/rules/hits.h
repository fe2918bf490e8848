// Hits, rules and pasts for the tests of the listing rules, in few words.
#pragma once

#include "listing/rules/decision.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::rules {

inline constexpr std::uint32_t kMinute = 60;
inline constexpr std::uint32_t kHour = 3600;
inline constexpr std::uint32_t kDay = 86400;
inline constexpr Time kNow{1795600000};  // 2026-11-25T09:46:40Z

inline Time ago(std::uint32_t seconds) {
    return {kNow.seconds - seconds};
}
inline Time in(std::uint32_t seconds) {
    return {kNow.seconds + seconds};
}

inline Subject prefix(std::string_view text) {
    return *parse_prefix(text);
}
inline Subject domain(std::string_view text) {
    return identity_of(*parse_domain(text));
}

// 3 hits of 2 traps within a day.
inline TrapRule rule_of_3() {
    TrapRule rule;
    rule.name = "css";
    rule.list = "css";
    rule.hits = 3;
    rule.traps = 2;
    return rule;
}

inline CountedHit hit(std::uint32_t seconds_ago, std::uint32_t trap,
                      std::uint16_t weight = kHitWeightOne, std::string sensor = "lmtp") {
    return {seconds_ago + 1, ago(seconds_ago), trap, weight, std::move(sensor)};
}

// Just enough for rule_of_3().
inline std::vector<CountedHit> three_hits() {
    return {hit(3 * kHour, 1), hit(2 * kHour, 2), hit(0, 1)};
}

inline Past past(ListingState state, std::uint32_t times, Time until, Time notice_until = {}) {
    return {state, until, notice_until, has_ended(state) ? until : Time{}, times};
}

}  // namespace fairlist::rules
