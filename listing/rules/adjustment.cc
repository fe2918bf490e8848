#include "listing/rules/adjustment.h"

#include "listing/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fairlist::rules {

namespace {

constexpr std::uint8_t kSingleV4 = 32;
constexpr std::uint8_t kSingleV6 = 64;
constexpr std::uint8_t kWideV4 = 24;
constexpr std::uint8_t kWideV6 = 48;
constexpr std::uint32_t kLifetimeMax = 3650U * 86400;

// Upwards, so that a rule never asks for nothing.
std::uint32_t percent_of(std::uint32_t value, std::uint32_t percent, std::uint32_t most) {
    const std::uint64_t product = std::uint64_t{value} * percent;
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>((product + 99) / 100, 1, std::max(most, std::uint32_t{1})));
}

class Adjuster {
  public:
    Adjuster(const TrapRule& rule, const std::string& provider, Tier tier, const TierEffect& effect)
        : rule_(rule),
          effect_(effect),
          whose_(fmt::format("standing {} of {}", to_string(tier), provider)) {
        adjusted_.rule = rule;
    }

    Adjusted adjust() {
        adjust_hits();
        adjust_lifetimes();
        adjust_notice();
        adjust_escalation();
        return std::move(adjusted_);
    }

  private:
    void say(std::string what) {
        adjusted_.steps.push_back(fmt::format("{}: {}", whose_, std::move(what)));
    }

    void adjust_hits() {
        TrapRule& rule = adjusted_.rule;
        rule.hits = percent_of(rule_.hits, effect_.hits_percent, kRuleHitsMax);
        // Fewer hits cannot come from as many traps; more hits ask for no more traps.
        if (rule.hits < rule_.hits) {
            rule.traps = std::min(rule_.traps, rule.hits);
        }
        if (rule.hits != rule_.hits) {
            say(fmt::format("{} hits of {} traps needed instead of {} of {}", rule.hits, rule.traps,
                            rule_.hits, rule_.traps));
        }
    }

    void adjust_lifetimes() {
        if (effect_.lifetime_percent == 100) {
            return;
        }
        for (std::uint32_t& lifetime : adjusted_.rule.lifetimes_seconds) {
            lifetime = percent_of(lifetime, effect_.lifetime_percent, kLifetimeMax);
        }
        say(fmt::format("lifetimes {} % of the rule's", effect_.lifetime_percent));
    }

    // What the rule gives everybody is never taken away.
    void adjust_notice() {
        if (effect_.notice_seconds > rule_.notice_seconds) {
            adjusted_.rule.notice_seconds = effect_.notice_seconds;
            say(fmt::format("notice of {} before a listing",
                            format_duration(effect_.notice_seconds)));
        }
    }

    void adjust_escalation() {
        TrapRule& rule = adjusted_.rule;
        if (rule_.escalate_count == 0) {
            return;
        }
        switch (effect_.escalation) {
            case Escalation::AsRule:
                return;
            case Escalation::Never:
                // What was widened before, when the tier was another, is not gone on with.
                rule.border_v4 = kSingleV4;
                rule.border_v6 = kSingleV6;
                rule.escalate_count = 0;
                say("listings do not widen");
                return;
            case Escalation::Assignment:
                if (rule.border_v4 != kSingleV4 || rule.border_v6 != kSingleV6) {
                    rule.border_v4 = kSingleV4;
                    rule.border_v6 = kSingleV6;
                    say("listings widen to a published assignment only");
                }
                return;
            case Escalation::Wide:
                rule.border_v4 = std::min(rule_.border_v4, kWideV4);
                rule.border_v6 = std::min(rule_.border_v6, kWideV6);
                say(
                    fmt::format("listings widen to the /{} (IPv6: the /{}) where no assignment is "
                                "published",
                                rule.border_v4, rule.border_v6));
                return;
        }
    }

    const TrapRule& rule_;
    const TierEffect& effect_;
    std::string whose_;
    Adjusted adjusted_;
};

std::string escalation_text(Escalation escalation) {
    switch (escalation) {
        case Escalation::AsRule:
            return "as the rule says";
        case Escalation::Never:
            return "never";
        case Escalation::Assignment:
            return "to the published assignment";
        case Escalation::Wide:
            return "to the published assignment, else to the /24 (IPv6: the /48)";
    }
    return "?";
}

}  // namespace

Adjusted adjust(const TrapRule& rule, const std::string& provider, Tier tier,
                const TierEffect& effect) {
    return Adjuster(rule, provider, tier, effect).adjust();
}

std::vector<std::string> to_lines(const TierEffect& effect) {
    std::vector<std::string> lines;
    lines.push_back(
        effect.notice_seconds == 0
            ? std::string("notice before a listing: as the rule says")
            : fmt::format("notice before a listing: {}", format_duration(effect.notice_seconds)));
    lines.push_back(fmt::format("hits needed: {} %", effect.hits_percent));
    lines.push_back(fmt::format("lifetime: {} %", effect.lifetime_percent));
    lines.push_back("widening: " + escalation_text(effect.escalation));
    lines.push_back(fmt::format(
        "attested fix: {}{}", effect.attest_needs_checks ? "after the checks" : "at once, watched",
        effect.attest_wait_seconds == 0
            ? ""
            : fmt::format(" and {}", format_duration(effect.attest_wait_seconds))));
    return lines;
}

}  // namespace fairlist::rules
