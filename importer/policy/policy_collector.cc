#include "importer/policy/policy_collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::string_view kRanges = "ranges";
constexpr std::string_view kExemptions = "exemptions";
// Clocks differ, but not by more.
constexpr std::uint32_t kFutureSecondsMax = 86400;

}  // namespace

std::string PolicyCollector::where(std::string_view list, const Origin& origin,
                                   std::string_view field) const {
    return is_csv_ ? std::string(field) : fmt::format("{}[{}].{}", list, origin.number, field);
}

template <typename Row>
void PolicyCollector::put(std::vector<Row>& rows, std::vector<Origin>& origins, Row row,
                          Origin origin, std::string_view list, std::size_t limit) {
    if (rows.size() == limit) {
        if (origins.size() == limit) {
            log_.fault(origin.place, where(list, origin, "prefix"),
                       fmt::format("more than {} {}: what follows is not taken", limit, list));
            origins.push_back(origin);  // it has been said
        }
        return;
    }
    rows.push_back(std::move(row));
    origins.push_back(origin);
}

void PolicyCollector::add(PolicyRange range, Place place, std::uint32_t number) {
    put(policy_.ranges, range_origins_, std::move(range), {place, number}, kRanges,
        kPolicyRangesMax);
}

void PolicyCollector::add(PolicyExemption exemption, Place place, std::uint32_t number) {
    put(policy_.exemptions, exemption_origins_, std::move(exemption), {place, number}, kExemptions,
        kPolicyExemptionsMax);
}

// By prefix; of those that stand twice the first counts.
template <typename Row>
void PolicyCollector::sort(std::vector<Row>& rows, std::vector<Origin>& origins,
                           std::string_view list) {
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair(rows[i].prefix, i); });
    std::vector<Row> sorted;
    std::vector<Origin> sorted_origins;
    sorted.reserve(rows.size());
    sorted_origins.reserve(rows.size());
    for (const std::uint32_t i : order) {
        if (!sorted.empty() && sorted.back().prefix == rows[i].prefix) {
            log_.fault(origins[i].place, where(list, origins[i], "prefix"),
                       fmt::format("{} stands in line {} already: say it once",
                                   to_string(rows[i].prefix), sorted_origins.back().place.line));
            continue;
        }
        sorted.push_back(std::move(rows[i]));
        sorted_origins.push_back(origins[i]);
    }
    rows = std::move(sorted);
    origins = std::move(sorted_origins);
}

// Requires: both are sorted.
void PolicyCollector::check_exemptions() {
    std::vector<Prefix> open;  // the ranges that hold the place where the walk is
    std::size_t next = 0;
    for (std::size_t i = 0; i < policy_.exemptions.size(); ++i) {
        const Prefix& prefix = policy_.exemptions[i].prefix;
        for (; next < policy_.ranges.size() && policy_.ranges[next].prefix <= prefix; ++next) {
            const Prefix& range = policy_.ranges[next].prefix;
            while (!open.empty() && !open.back().contains(range)) {
                open.pop_back();
            }
            open.push_back(range);
        }
        while (!open.empty() && !open.back().contains(prefix)) {
            open.pop_back();
        }
        // An IPv6 range says nothing of IPv4.
        if (std::ranges::none_of(
                open, [&](const Prefix& range) { return range.is_v4() == prefix.is_v4(); })) {
            const Origin& origin = exemption_origins_[i];
            log_.warn(origin.place, where(kExemptions, origin, "prefix"),
                      fmt::format("{} lies in no range of this policy: it exempts from nothing",
                                  to_string(prefix)));
        }
    }
}

void PolicyCollector::check_dates() {
    const Time published = policy_.published;
    if (now_.is_set() && published.seconds > now_.seconds &&
        published.seconds - now_.seconds > kFutureSecondsMax) {
        log_.fault(
            published_place_, "published",
            fmt::format("{} is in the future: say when this was published", to_string(published)));
    }
    const Time today = now_.is_set() ? now_ : published;
    for (std::size_t i = 0; i < policy_.exemptions.size(); ++i) {
        const Time until = policy_.exemptions[i].until;
        if (until.is_set() && until <= today) {
            const Origin& origin = exemption_origins_[i];
            log_.warn(origin.place, where(kExemptions, origin, "until"),
                      fmt::format("{} is over: the exemption has ended", to_string(until)));
        }
    }
}

PolicyReading PolicyCollector::finish() {
    sort(policy_.ranges, range_origins_, kRanges);
    sort(policy_.exemptions, exemption_origins_, kExemptions);
    check_exemptions();
    check_dates();
    PolicyReading reading;
    reading.is_csv = is_csv_;
    log_.give(reading);
    for (const Origin& origin : range_origins_) {
        reading.range_places.push_back(origin.place);
    }
    for (const Origin& origin : exemption_origins_) {
        reading.exemption_places.push_back(origin.place);
    }
    reading.policy = std::move(policy_);
    return reading;
}

}  // namespace fairlist::importer
