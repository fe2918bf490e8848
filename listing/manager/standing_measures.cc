#include "listing/manager/standing_measures.h"

#include "listing/manager/ledger_query.h"
#include "listing/manager/provider_store.h"
#include "listing/manager/report_book.h"
#include "listing/manager/standing_hits.h"
#include "listing/manager/standing_listings.h"
#include "listing/store/report_records.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace fairlist {

using store::Cursor;
using store::Table;

namespace {

constexpr std::uint32_t kDay = 86400;

Time back(Time time, std::uint32_t seconds) noexcept {
    return {time.seconds - std::min(time.seconds, seconds)};
}

Time on(Time time, std::uint32_t seconds) noexcept {
    return {static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{time.seconds} + seconds, UINT32_MAX))};
}

std::vector<std::uint64_t> units_of(const SpaceCover& cover, std::size_t holders) {
    std::vector<SpaceUnits> units(holders);
    for (const SpaceCover::Part& part : cover.parts()) {
        units[part.label].add(part.first, part.last);
    }
    std::vector<std::uint64_t> counts;
    for (const SpaceUnits& each : units) {
        counts.push_back(each.count());
    }
    return counts;
}

// Of two in the middle their mean. Requires: there is one.
std::uint64_t median(std::vector<std::uint64_t> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

SpaceCover owners_of(const store::Txn& txn, std::vector<std::string>& slugs) {
    std::map<std::string, std::uint32_t> numbers;
    std::vector<SpaceCover::Range> ranges;
    walk_space(txn, std::nullopt, [&](const Prefix& prefix, const store::RangeRecord& record) {
        const auto [at, is_new] =
            numbers.try_emplace(record.slug, static_cast<std::uint32_t>(slugs.size()));
        if (is_new) {
            slugs.push_back(record.slug);
        }
        ranges.push_back({prefix, at->second});
        return true;
    });
    return SpaceCover(std::move(ranges));
}

}  // namespace

StandingMeasures::StandingMeasures(const store::Txn& txn, const StandingRules& rules,
                                   const PolicyRules& policy, Time at)
    : txn_(txn),
      rules_(rules),
      at_(at),
      from_(back(at, rules.window_seconds)),
      owners_(owners_of(txn, slugs_)),
      held_(units_of(owners_, slugs_.size())),
      policies_(txn, slugs_, owners_, policy, at) {
    read_listings();
    read_reports();
}

void StandingMeasures::read_listings() {
    const StandingListings listings(txn_, from_, at_);
    std::vector<SpaceUnits> units(slugs_.size());
    walk_common(owners_, listings.listed(),
                [&](const Address& first, const Address& last, std::uint32_t holder,
                    std::uint32_t) { units[holder].add(first, last); });
    for (const SpaceUnits& each : units) {
        listed_.push_back(each.count());
    }
    repeats_ = listings.repeats(owners_, slugs_.size());
}

void StandingMeasures::read_reports() {
    Cursor cursor(txn_, Table::ProviderReports);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        const auto id = store::key_report(cursor.key());
        auto report = id ? store::decode_report(*id, cursor.value()) : std::nullopt;
        if (report && report->sent.is_set() && report->sent >= from_ && report->sent <= at_) {
            told_[report->provider].push_back({std::move(report->subject), report->sent});
        }
    }
}

StandingInputs StandingMeasures::of(const std::string& slug) const {
    StandingInputs inputs{};
    const auto set = [&](StandingInput input, const Measure& measure) {
        inputs[static_cast<std::size_t>(input) - 1] = measure;
    };
    const auto found = std::ranges::find(slugs_, slug);
    if (found != slugs_.end()) {
        const auto holder = static_cast<std::uint32_t>(found - slugs_.begin());
        set(StandingInput::ListingRate, {listed_[holder], held_[holder]});
        set(StandingInput::RepeatRate, repeats_[holder]);
        set(StandingInput::PolicyCoverage, {policies_.covered_units(holder), held_[holder]});
        set(StandingInput::Identification, identification(holder));
    }
    set(StandingInput::TimeToRemedy, time_to_remedy(slug));
    set(StandingInput::HonestWord, honest_word(slug));
    return inputs;
}

// What a report was of and still goes on within its first day counts as long as it has gone on.
Measure StandingMeasures::time_to_remedy(const std::string& slug) const {
    const auto told = told_.find(slug);
    if (told == told_.end()) {
        return {};
    }
    std::vector<std::uint64_t> times;
    for (const Told& report : told->second) {
        const auto span = hit_span(txn_, report.subject, {report.sent, at_});
        const bool is_young = at_.seconds - report.sent.seconds < kDay;
        const Time end = !span ? report.sent : is_young ? at_ : span->last;
        times.push_back(end.seconds - report.sent.seconds);
    }
    const std::size_t count = times.size();
    return {median(std::move(times)), count};
}

Measure StandingMeasures::identification(std::uint32_t holder) const {
    Measure measure;
    for (const SpaceCover::Part& part : owners_.parts()) {
        if (part.label != holder) {
            continue;
        }
        walk_accused(txn_, part.first, part.last, {back(from_, 1), at_},
                     [&](const Prefix& identity, std::uint64_t hits) {
                         measure.whole += hits;
                         measure.part += policies_.is_assigned(holder, identity) ? hits : 0;
                     });
    }
    return measure;
}

// A fix whose watch goes on without a hit is neither kept nor broken yet.
Measure StandingMeasures::honest_word(const std::string& slug) const {
    Measure measure;
    for (const Attest& attest : attests(txn_, slug, from_)) {
        const auto listing = read_listing(txn_, attest.listing);
        if (attest.time > at_ || !listing) {
            continue;
        }
        const Time end = on(attest.time, rules_.attest_watch_seconds);
        const bool broken =
            hit_span(txn_, listing->subject, {attest.time, std::min(end, at_)}).has_value();
        if (broken || end <= at_) {
            ++measure.whole;
            measure.part += broken ? 0U : 1U;
        }
    }
    return measure;
}

}  // namespace fairlist
