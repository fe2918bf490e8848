#include "listing/model/entry.h"
#include "server/config/sections.h"
#include "zones/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;

constexpr std::array<Choice<RuleTarget>, 3> kTargets = {{{"address", RuleTarget::Address},
                                                         {"signer", RuleTarget::Signer},
                                                         {"links", RuleTarget::Links}}};

// Wider than these, what is unpublished has nothing in common.
constexpr std::uint64_t kBorderV4Widest = 16;
constexpr std::uint64_t kBorderV6Widest = 32;

void check_lifetimes(Reader& in, const TrapRule& rule) {
    const auto& lifetimes = rule.lifetimes_seconds;
    if (in.is_empty_array("lifetimes")) {
        in.fault("lifetimes", "empty: at least one is needed, such as \"1d\"");
    } else if (lifetimes.size() > kLifetimesMax) {
        in.fault("lifetimes",
                 fmt::format("{} lifetimes, the limit is {}", lifetimes.size(), kLifetimesMax));
    }
    const auto shorter = std::ranges::adjacent_find(lifetimes, std::greater<>());
    if (shorter != lifetimes.end()) {
        in.fault("lifetimes",
                 fmt::format("{} after {}: expected each to be no shorter than the one before",
                             format_duration(*std::next(shorter)), format_duration(*shorter)));
    }
}

}  // namespace

void read_rule(Reader& in, TrapRule& out) {
    in.require({"name", "list"});
    in.parsed("name", "name", out.name, parse_list_name);
    in.parsed("list", "name", out.list, parse_list_name);
    in.choice("target", out.target, kTargets);
    in.parsed_list("kinds", "word", out.kinds, parse_hit_kind);
    in.number("hits", out.hits, {1, kRuleHitsMax});
    in.number("traps", out.traps, {1, kRuleHitsMax});
    in.duration("window", out.window_seconds, {60, kRuleWindowSecondsMax});
    in.durations("lifetimes", out.lifetimes_seconds, {60, 3650 * kDay});
    in.duration("reset", out.reset_seconds, {0, 3650 * kDay});
    in.duration("notice", out.notice_seconds, {0, 30 * kDay});
    in.number("escalate", out.escalate_count, {0, 65536});
    in.number("border_v4", out.border_v4, {kBorderV4Widest, 32});
    in.number("border_v6", out.border_v6, {kBorderV6Widest, 64});
    // Whether a foreign code is allowed says the list (validate.h).
    in.code("code", out.code, true);
    in.text("reason", out.reason, kReasonBytesMax);
    in.duration("ttl", out.ttl_seconds, {0, kTtlSecondsMax});
    if (const auto good = check_reason(out.reason, false); !good) {
        in.fault("reason", good.error().message);
    }
    check_lifetimes(in, out);
}

}  // namespace fairlist::config
