#include "listing/rules/tally.h"

#include "listing/model/listing.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace fairlist::rules {

namespace {

std::string_view plural(std::uint64_t number) noexcept {
    return number == 1 ? "" : "s";
}

}  // namespace

bool Tally::reaches(const TrapRule& rule) const noexcept {
    return weight >= std::uint64_t{rule.hits} * kHitWeightOne && traps >= rule.traps;
}

Tally tally_of(const TrapRule& rule, std::span<const CountedHit> hits, Time now) {
    Tally tally;
    std::set<std::pair<std::uint32_t, std::string_view>> traps;
    for (const CountedHit& hit : hits) {
        if (is_within(hit.time, rule.window_seconds, now)) {
            ++tally.hits;
            tally.weight += hit.weight;
            traps.emplace(hit.trap, hit.trap == 0 ? std::string_view(hit.sensor) : "");
        }
    }
    tally.traps = traps.size();
    return tally;
}

bool Enough::after(const CountedHit& hit) {
    ++tally_.hits;
    tally_.weight += hit.weight;
    traps_.emplace(hit.trap, hit.trap == 0 ? hit.sensor : "");
    tally_.traps = traps_.size();
    return tally_.hits >= kWindowHitsMax || (tally_.hits >= kEventHitsMax && tally_.reaches(rule_));
}

std::span<const CountedHit> newest_enough(const TrapRule& rule, std::span<const CountedHit> hits) {
    Enough enough(rule);
    std::size_t taken = 0;
    while (taken != hits.size() && !enough.after(hits[hits.size() - 1 - taken++])) {
    }
    return hits.last(taken);
}

std::string to_step(const TrapRule& rule, const Tally& tally) {
    const bool is_plain = tally.weight == tally.hits * kHitWeightOne;
    const std::string weight =
        is_plain ? "" : fmt::format(" that weigh {}.{:02}", tally.weight / 100, tally.weight % 100);
    return fmt::format("rule {}: {} hit{}{} of {} trap{} in {}, needed {} of {}", rule.name,
                       tally.hits, plural(tally.hits), weight, tally.traps, plural(tally.traps),
                       format_duration(rule.window_seconds), rule.hits, rule.traps);
}

}  // namespace fairlist::rules
