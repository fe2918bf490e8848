#include "listing/rules/removal_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::rules {

namespace {

constexpr std::uint32_t kHour = 3600;
// A resolver that does not answer is asked again so often, and so long.
constexpr std::uint32_t kUnknownRetrySeconds = 900;
constexpr std::uint32_t kUnknownSecondsMax = 86400;

Time after(Time time, std::uint32_t seconds) {
    return Time{time.seconds + std::min(seconds, UINT32_MAX - time.seconds)};
}

RemovalDecision refuse(std::string outcome) {
    return {RemovalState::Refused, {}, std::move(outcome), {}};
}

RemovalDecision grant(const RemovalRule& rule, Time now, std::string outcome) {
    return {RemovalState::Granted, after(now, rule.watch_seconds), std::move(outcome), {}};
}

const Check* find(std::span<const Check> checks, CheckKind kind) {
    const auto found = std::ranges::find(checks, kind, &Check::kind);
    return found == checks.end() ? nullptr : &*found;
}

RemovalDecision ask_again(const RemovalSituation& situation, CheckKind kind, Time now) {
    if (now.seconds >= after(situation.asked, kUnknownSecondsMax).seconds) {
        return {RemovalState::Operator,
                {},
                fmt::format("check {}: no answer within {}; a person "
                            "looks at it",
                            to_string(kind), format_duration(kUnknownSecondsMax)),
                {}};
    }
    return {RemovalState::Waiting,
            after(now, kUnknownRetrySeconds),
            fmt::format("check {}: could not be told now, it is tried again", to_string(kind)),
            {}};
}

// The first needed check that stands in the way; a failed one before one that is not known.
std::optional<RemovalDecision> blocked(const RemovalRule& rule, const RemovalSituation& situation,
                                       Time now) {
    std::optional<CheckKind> unknown;
    for (const CheckKind kind : rule.needed) {
        const Check* check = find(situation.checks, kind);
        if (check == nullptr || check->result == CheckResult::Unknown) {
            unknown = unknown.value_or(kind);
        } else if (check->result != CheckResult::Passed) {
            return refuse(fmt::format("check {}: needed passed, seen {}{}{}", to_string(kind),
                                      to_string(check->result), check->seen.empty() ? "" : ": ",
                                      check->seen));
        }
    }
    return unknown ? std::optional(ask_again(situation, *unknown, now)) : std::nullopt;
}

// A wait with its reason; of several the longest counts.
struct Wait {
    Time until;
    std::string why;
};

Wait backoff(const RemovalRule& rule, const RemovalSituation& situation) {
    const auto& waits = rule.waits_seconds;
    if (waits.empty()) {
        return {};
    }
    const std::size_t step = std::min<std::size_t>(situation.earlier, waits.size() - 1);
    return {after(situation.asked, waits[step]),
            fmt::format("earlier removals: {} within {}, so {} from the request are needed",
                        situation.earlier, format_duration(rule.reset_seconds),
                        format_duration(waits[step]))};
}

Wait attest_wait(const RemovalSituation& situation) {
    const std::uint32_t seconds = situation.attested ? situation.effect.attest_wait_seconds : 0;
    return {after(situation.asked, seconds),
            fmt::format("attested fix: {}, so {} from the request are needed", situation.tier_text,
                        format_duration(seconds))};
}

std::string quiet_text(const RemovalRule& rule, Time last_hit) {
    if (!last_hit.is_set()) {
        return "quiet time: no hit is known";
    }
    return fmt::format("quiet time: last hit in the hour from {}, {} without one were needed",
                       to_string(hour_of(last_hit)), format_duration(rule.quiet_seconds));
}

RemovalDecision decide_quiet(const RemovalRule& rule, const RemovalSituation& situation, Time now) {
    if (situation.attested && !situation.effect.attest_needs_checks) {
        RemovalDecision decision = grant(rule, now, "attested fix: granted at once, and watched");
        decision.steps.push_back(situation.tier_text + ": an attested fix takes effect at once");
        return decision;
    }
    if (auto decision = blocked(rule, situation, now)) {
        return std::move(*decision);
    }
    const Time quiet = quiet_from(rule, situation.last_hit);
    Wait longest{quiet, fmt::format("quiet time: last hit in the hour from {}, {} without one "
                                    "after that hour are needed",
                                    to_string(hour_of(situation.last_hit)),
                                    format_duration(rule.quiet_seconds))};
    for (Wait& wait : std::array{backoff(rule, situation), attest_wait(situation)}) {
        if (wait.until > longest.until) {
            longest = std::move(wait);
        }
    }
    RemovalDecision decision;
    if (longest.until > now) {
        decision = {RemovalState::Waiting, longest.until, std::move(longest.why), {}};
    } else {
        decision = grant(rule, now,
                         fmt::format("{}; earlier removals: {}",
                                     quiet_text(rule, situation.last_hit), situation.earlier));
    }
    if (situation.attested) {
        decision.steps.push_back(
            fmt::format("{}: an attested fix takes effect after the checks{}", situation.tier_text,
                        situation.effect.attest_wait_seconds == 0
                            ? std::string()
                            : " and " + format_duration(situation.effect.attest_wait_seconds)));
    }
    return decision;
}

RemovalDecision decide_exemption(const RemovalRule& rule, const RemovalSituation& situation,
                                 Time now) {
    if (situation.proof == ProofKind::Provider) {
        return grant(rule, now, "granted by who holds the address");
    }
    if (!situation.policy_permits) {
        return refuse(
            fmt::format("policy: needed that direct mail is allowed or granted on "
                        "request, seen {}",
                        situation.policy_text));
    }
    if (auto decision = blocked(rule, situation, now)) {
        return std::move(*decision);
    }
    return grant(rule, now, "the needed checks pass and the policy permits it");
}

}  // namespace

Time hour_of(Time time) noexcept {
    return Time{time.seconds - time.seconds % kHour};
}

Time quiet_from(const RemovalRule& rule, Time last_hit) noexcept {
    if (!last_hit.is_set() || rule.quiet_seconds == 0) {
        return {};
    }
    return after(after(hour_of(last_hit), kHour), rule.quiet_seconds);
}

RemovalDecision decide_removal(const RemovalRule& rule, const RemovalSituation& situation,
                               Time now) {
    switch (rule.mode) {
        case RemovalMode::Quiet:
            return decide_quiet(rule, situation, now);
        case RemovalMode::Exemption:
            return decide_exemption(rule, situation, now);
        case RemovalMode::Person:
            return {RemovalState::Operator, {}, "a person decides", {}};
        case RemovalMode::Never:
            break;
    }
    return refuse("the list takes its entries from its source alone: ask there");
}

}  // namespace fairlist::rules
