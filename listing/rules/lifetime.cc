#include "listing/rules/lifetime.h"

#include "listing/base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace fairlist::rules {

namespace {

struct History {
    std::uint32_t times = 1;
    std::string step;
};

History history_of(const TrapRule& rule, const std::optional<Past>& past, Time now) {
    if (!past || past->times == 0) {
        return {1, "not listed before"};
    }
    if (!has_ended(past->state)) {
        // Open, or a notice that becomes a listing: the number was found when it was made.
        return {past->times, past->times == 1
                                 ? "not listed before"
                                 : fmt::format("listed {} times before", past->times - 1)};
    }
    const std::uint32_t quiet = past->ended < now ? now.seconds - past->ended.seconds : 0;
    if (quiet >= rule.reset_seconds) {
        return {1, fmt::format("last listed until {}, {} ago: forgotten after {}",
                               to_string(past->ended), format_duration(quiet),
                               format_duration(rule.reset_seconds))};
    }
    const std::uint32_t times = past->times == UINT32_MAX ? past->times : past->times + 1;
    return {times, fmt::format("listed {} time{} before, the last ended {}", past->times,
                               past->times == 1 ? "" : "s", to_string(past->ended))};
}

}  // namespace

Time later(Time time, std::uint64_t seconds) noexcept {
    const std::uint64_t sum = std::min<std::uint64_t>(time.seconds + seconds, UINT32_MAX);
    return {static_cast<std::uint32_t>(sum)};
}

bool is_worth_extending(Time until, Time decided, Time now) noexcept {
    if (!until.is_set() || !decided.is_set()) {
        return false;
    }
    const std::uint32_t left = decided.seconds - std::min(now.seconds, decided.seconds);
    return decided > later(until, left / kExtensionParts);
}

std::optional<Past> settle(std::optional<Past> past, Time now) {
    if (!past) {
        return past;
    }
    if (past->state == ListingState::Open && past->until.is_set() && past->until <= now) {
        past->state = ListingState::Expired;
        past->ended = past->until;
    }
    if (has_ended(past->state) && !past->ended.is_set()) {
        past->ended = past->until;
    }
    return past;
}

Lifetime lifetime_of(const TrapRule& rule, const std::optional<Past>& past, Time now) {
    FAIRLIST_CHECK(!rule.lifetimes_seconds.empty());
    const History history = history_of(rule, past, now);
    const std::size_t last = rule.lifetimes_seconds.size() - 1;
    const std::uint32_t seconds =
        rule.lifetimes_seconds[std::min<std::size_t>(history.times - 1, last)];
    return {history.times, later(now, seconds),
            fmt::format("{}; lifetime {}", history.step, format_duration(seconds))};
}

}  // namespace fairlist::rules
