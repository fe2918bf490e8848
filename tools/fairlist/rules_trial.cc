#include "tools/fairlist/rules_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <map>
#include <set>
#include <utility>

namespace fairlist::cli {

namespace {

constexpr std::size_t kPageListings = 5000;

// A time in which something was listed; no end: it is still.
struct Span {
    Time from;
    Time until;

    [[nodiscard]] bool overlaps(const Span& other) const noexcept {
        return (!other.until.is_set() || from < other.until) &&
               (!until.is_set() || other.from < until);
    }
};

using Place = std::pair<std::string, Subject>;  // the list, the subject

struct Past {
    Listing listing;
    Span span;
    bool found = false;  // by the rules that are tried
};
using Pasts = std::multimap<Place, Past>;

// Of a list of events that begins with the first ones.
const ListingEvent* opening(const std::vector<ListingEvent>& events) {
    const auto opened = std::ranges::find(events, ListingAction::Opened, &ListingEvent::action);
    return opened == events.end() ? nullptr : &*opened;
}

Time end_of(const Listing& listing) noexcept {
    if (!has_ended(listing.state)) {
        return listing.until;
    }
    return listing.until.is_set() ? std::min(listing.until, listing.changed) : listing.changed;
}

// What was listed after `since`: notices that never became a listing are passed over.
Result<Pasts> read_pasts(Ledger& ledger, Time since) {
    Pasts pasts;
    ListingFilter filter;
    filter.ended = true;
    std::string after;
    // Ends: every page moves the token forward.
    do {
        auto page = ledger.page(filter, after, kPageListings);
        if (!page) {
            return std::unexpected(page.error());
        }
        for (Listing& listing : page->listings) {
            const Time end = end_of(listing);
            if (end.is_set() && end <= since) {
                continue;
            }
            const auto events = ledger.history(listing.id);
            if (const ListingEvent* opened = opening(events)) {
                Place place{listing.list, listing.subject};
                pasts.emplace(std::move(place), Past{std::move(listing), {opened->time, end}});
            }
        }
        after = page->next;
    } while (!after.empty());
    return pasts;
}

Result<std::vector<rules::SimulatedRule>> with_kinds(const TrialRequest& request) {
    std::vector<rules::SimulatedRule> simulated;
    for (const TrapRule& rule : request.rules) {
        const auto list = std::ranges::find(request.lists, rule.list, &ListSpec::name);
        if (list == request.lists.end()) {
            return fail(Errc::NotFound, fmt::format("rule \"{}\": list \"{}\": not in the "
                                                    "configuration of the store",
                                                    rule.name, rule.list));
        }
        simulated.push_back({rule, list->kind});
    }
    return simulated;
}

// A hit without a trap counts its sensor as one.
std::uint64_t count_traps(Ledger& ledger, const std::vector<ListingEvent>& events) {
    std::set<std::pair<std::uint32_t, std::string>> traps;
    for (const ListingEvent& event : events) {
        for (const std::uint64_t number : event.hits) {
            if (const auto stored = ledger.hit(number)) {
                const Hit& hit = stored->hit;
                traps.emplace(hit.trap, hit.trap == 0 ? hit.sensor : "");
            }
        }
    }
    return traps.size();
}

TrialRow row_of(Ledger& ledger, const rules::SimulatedListing& simulated,
                const ListingEvent& opened, Pasts& pasts) {
    const Listing& listing = simulated.listing;
    TrialRow row{Comparison::New, listing.list,
                 listing.subject, listing.rule,
                 opened.time,     listing.until,
                 listing.hits,    count_traps(ledger, simulated.events),
                 opened.steps,    0};
    const auto [begin, end] = pasts.equal_range(Place{listing.list, listing.subject});
    for (auto past = begin; past != end; ++past) {
        if (past->second.span.overlaps({row.opened, row.until})) {
            past->second.found = true;
            row.comparison = Comparison::Same;
            row.listing = past->second.listing.id;
        }
    }
    return row;
}

// What a rule of the ledger opened since, and these did not.
void add_missing(const Pasts& pasts, Time since, std::vector<TrialRow>& rows) {
    const auto first = rows.size();
    for (const auto& [place, past] : pasts) {
        const Listing& listing = past.listing;
        if (!past.found && !listing.rule.empty() && past.span.from >= since) {
            rows.push_back({Comparison::NotListed,
                            listing.list,
                            listing.subject,
                            listing.rule,
                            past.span.from,
                            past.span.until,
                            listing.hits,
                            0,
                            {},
                            listing.id});
        }
    }
    std::ranges::sort(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(), {},
                      &TrialRow::listing);
}

}  // namespace

std::string_view to_string(Comparison comparison) noexcept {
    switch (comparison) {
        case Comparison::Same:
            return "same";
        case Comparison::New:
            return "new";
        case Comparison::NotListed:
            break;
    }
    return "not-listed";
}

Result<Trial> try_rules(Ledger& ledger, const TrialRequest& request) {
    auto simulated = with_kinds(request);
    if (!simulated) {
        return std::unexpected(simulated.error());
    }
    auto pasts = read_pasts(ledger, request.since);
    if (!pasts) {
        return std::unexpected(pasts.error());
    }
    rules::Simulation simulation(
        std::move(*simulated), request.space,
        [&](const std::string& list, const Subject& subject) {
            return ledger.refusal(list, subject);
        },
        request.adjust);
    ledger.hits_since(request.since, [&](const StoredHit& stored) {
        simulation.feed(stored.number, stored.hit);
        return true;
    });
    Trial trial{request.since, {}, {}};
    for (const rules::SimulatedListing& listing : simulation.finish(request.now)) {
        if (const ListingEvent* opened = opening(listing.events)) {
            trial.rows.push_back(row_of(ledger, listing, *opened, *pasts));
        }
    }
    add_missing(*pasts, request.since, trial.rows);
    trial.totals = simulation.totals();
    return trial;
}

}  // namespace fairlist::cli
