#include "server/shown/listing_view.h"

#include "listing/manager/rules_text.h"
#include "server/shown/explanation.h"

#include <algorithm>
#include <utility>

namespace fairlist {

namespace {

struct ShownAnswer {
    ReturnCode code;
    std::string reason;
};

ShownAnswer answer_of(std::span<const ListSpec> lists, const Listing& listing) {
    const auto list = std::ranges::find(lists, listing.list, &ListSpec::name);
    if (list == lists.end()) {
        return {listing.code, listing.reason};
    }
    EntryView entry;
    entry.list = listing.list;
    entry.entry.subject = listing.subject;
    entry.entry.verdict.code = listing.code;
    entry.entry.verdict.reason = listing.reason;
    entry.entry.since = shown_since(listing);
    entry.entry.until = shown_until(listing);
    ExplainedEntry explained = explain_entry(*list, entry, EntryRole::Answers, listing.subject);
    return {explained.code, std::move(explained.reason)};
}

// Ends: each is older than the one before.
std::vector<Listing> earlier_ones(Ledger& ledger, const Listing& listing) {
    std::vector<Listing> earlier;
    std::uint64_t number = listing.earlier;
    while (number != 0 && earlier.size() < kEarlierMax) {
        auto before = ledger.find(number);
        if (!before) {
            break;
        }
        number = before->earlier < number ? before->earlier : 0;
        earlier.push_back(std::move(*before));
    }
    return earlier;
}

bool has_passed(Time until, Time now) noexcept {
    return until.is_set() && until <= now;
}

}  // namespace

std::string shown_reason(std::span<const ListSpec> lists, const Listing& listing) {
    return answer_of(lists, listing).reason;
}

ListingView view_listing(Ledger& ledger, const config::Config& config, const Listing& listing) {
    ListingView view;
    view.listing = listing;
    ShownAnswer answer = answer_of(config.lists, listing);
    view.code = answer.code;
    view.reason = std::move(answer.reason);
    const auto rule = std::ranges::find(config.rules, listing.rule, &TrapRule::name);
    view.rule = rule == config.rules.end() ? "" : rule_text(*rule);
    view.earlier = earlier_ones(ledger, listing);
    view.evidence = summarize(listing, ledger.evidence(listing.id, kSummaryHitsMax));
    view.events = ledger.history(listing.id);
    return view;
}

bool is_in_force(const Listing& listing, Time now) noexcept {
    return listing.state == ListingState::Open && !has_passed(listing.until, now);
}

bool explains_listing(const ListingEvent& event) noexcept {
    return event.action == ListingAction::Noticed || event.action == ListingAction::Opened ||
           event.action == ListingAction::Extended;
}

std::string_view state_word(const Listing& listing, Time now) noexcept {
    return !has_ended(listing.state) && has_passed(listing.until, now) ? "ended"
                                                                       : to_string(listing.state);
}

}  // namespace fairlist
