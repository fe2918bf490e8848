#include "listing/manager/rule_runner.h"

#include "listing/manager/border_count.h"
#include "listing/manager/entry_query.h"
#include "listing/manager/expiry.h"
#include "listing/manager/ground_rules.h"
#include "listing/manager/hit_book.h"
#include "listing/manager/holder_notice.h"
#include "listing/rules/lifetime.h"
#include "listing/rules/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

namespace fairlist {

using store::ListingRecord;

namespace {

// As much of a hit as rules::accuse() looks at, for one identity of it.
Hit outline(const store::IdentityHit& known, const TrapRule& rule, const Subject& identity) {
    Hit hit;
    hit.kind = known.kind;
    hit.address = known.address;
    hit.signer = known.signer;
    if (rule.target == RuleTarget::Links) {
        hit.links.push_back(identity);
    }
    return hit;
}

// What each trap has brought: past all that a rule asks for and an event shows, more of the same
// trap changes nothing.
class TrapShares {
  public:
    explicit TrapShares(const TrapRule& rule)
        : weight_max_(std::uint64_t{rule.hits} * kHitWeightOne) {}

    void add(const rules::CountedHit& hit) {
        Share& share = shares_[hit.trap];
        share.weight += hit.weight;
        ++share.hits;
    }
    [[nodiscard]] bool is_used_up(std::uint32_t trap) const {
        const auto share = shares_.find(trap);
        return share != shares_.end() && share->second.weight >= weight_max_ &&
               share->second.hits >= kEventHitsMax;
    }

  private:
    struct Share {
        std::uint64_t weight = 0;
        std::size_t hits = 0;
    };
    std::uint64_t weight_max_;
    std::map<std::uint32_t, Share> shares_;
};

bool is_within(const DomainName& name, const DomainName& above) {
    const std::string& inner = name.text();
    const std::string& outer = above.text();
    return inner == outer || (inner.size() > outer.size() && inner.ends_with(outer) &&
                              inner[inner.size() - outer.size() - 1] == '.');
}

std::string name_refusal(const LedgerOptions& options, const NameSubject& subject) {
    if (const auto why = ProtectedSpace::refusal(subject); !why.empty()) {
        return fmt::format("protected name: {}", why);
    }
    for (const DomainName& kept : options.do_not_list_domains) {
        if (is_within(subject.name, kept) || is_within(kept, subject.name)) {
            return fmt::format("do-not-list: {}", kept.text());
        }
    }
    return {};
}

std::string prefix_refusal(const LedgerOptions& options, const Prefix& prefix) {
    if (const auto why = options.protected_space.refusal(prefix); !why.empty()) {
        return fmt::format("protected space: {}", why);
    }
    for (const Prefix& good : options.known_good) {
        if (good.contains(prefix) || prefix.contains(good)) {
            return fmt::format("known good sender: {}", to_string(good));
        }
    }
    return {};
}

}  // namespace

std::string refusal_of(const store::Txn& txn, const LedgerOptions& options, const ListSpec& list,
                       const Subject& subject, Time now) {
    if (const auto* name = std::get_if<NameSubject>(&subject)) {
        if (std::string why = name_refusal(options, *name); !why.empty()) {
            return why;
        }
    }
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        if (std::string why = prefix_refusal(options, *prefix); !why.empty()) {
            return why;
        }
    }
    for (const EntryView& view : lookup_entries(txn, {list}, subject, now)) {
        const bool in_force = !view.entry.until.is_set() || now < view.entry.until;
        if (view.list == list.name && view.entry.verdict.exempt && in_force) {
            return fmt::format(
                "exemption in force: {}, source {}, until {}", to_string(view.entry.subject),
                view.source,
                view.entry.until.is_set() ? to_string(view.entry.until) : "further notice");
        }
    }
    return {};
}

std::uint32_t network_of(const LedgerOptions& options, const Subject& subject) {
    const auto* prefix = std::get_if<Prefix>(&subject);
    return prefix != nullptr && options.asn_of ? options.asn_of(prefix->base) : 0;
}

// One rule, one identity, one hit.
struct RuleRunner::Case {
    const rules::Adjusted& adjusted;
    ListTarget target;
    std::uint64_t number = 0;
    const Hit& hit;
    Subject identity;
    rules::Border border;
    std::vector<rules::CountedHit> counted{};  // oldest first
    std::string refusal{};

    [[nodiscard]] const TrapRule& rule() const noexcept { return adjusted.rule; }
    // Newest first, as many as an event keeps.
    [[nodiscard]] std::vector<std::uint64_t> evidence() const {
        std::vector<std::uint64_t> numbers;
        for (auto at = counted.rbegin(); at != counted.rend() && numbers.size() < kEventHitsMax;
             ++at) {
            numbers.push_back(at->number);
        }
        return numbers;
    }
};

RuleRunner::RuleRunner(const LedgerOptions& options, const Ground& ground, LedgerTxn& ledger)
    : options_(options), ground_(ground), ledger_(ledger) {}

std::vector<RuleEffect> RuleRunner::apply(std::uint64_t number, const Hit& hit) {
    std::vector<RuleEffect> effects;
    std::set<ListId> counted;
    for (const TrapRule& rule : options_.rules) {
        const auto target = find_list_target(ledger_.txn(), options_.lists, rule.list);
        if (!target) {
            continue;
        }
        for (Subject& identity :
             rules::accuse(rule, target->spec->kind, ground_.space, hit).identities) {
            rules::Adjusted adjusted = rule_for(rule, identity, ground_, options_.standing);
            rules::Border border = rules::find_border(adjusted.rule, ground_.space, identity);
            Case what{adjusted, *target, number, hit, std::move(identity), std::move(border)};
            effects.push_back(apply(what));
            ledger_.count_hit(target->id, network_of(options_, what.identity), rule.name,
                              counted.insert(target->id).second);
        }
    }
    return effects;
}

RuleEffect RuleRunner::apply(Case& what) {
    rules::Decision decision = decide(what);
    leave_past_alone(decision);
    RuleEffect effect{what.rule().name, what.rule().list, decision.subject, decision.outcome, 0,
                      decision.steps};
    act(what, decision, effect);
    return effect;
}

rules::Decision RuleRunner::decide(Case& what) {
    const Time now = what.hit.time;
    rules::Enough enough(what.rule());
    TrapShares shares(what.rule());
    const Time after{now.seconds - std::min(now.seconds, what.rule().window_seconds)};
    const HitWalk walk{what.identity, after, now, [&](std::uint32_t trap) {
                           return shares.is_used_up(trap);
                       }};
    walk_hits(ledger_.txn(), walk, [&](const store::IdentityHit& known) {
        const auto accused = rules::accuse(what.rule(), what.target.spec->kind, ground_.space,
                                           outline(known, what.rule(), what.identity));
        if (std::ranges::find(accused.identities, what.identity) == accused.identities.end()) {
            return true;
        }
        what.counted.push_back({known.number, known.time, known.trap, known.weight, known.sensor});
        shares.add(what.counted.back());
        return !enough.after(what.counted.back());
    });
    std::ranges::reverse(what.counted);
    rules::Situation situation;
    situation.hits = what.counted;
    situation.past = past_of(what.target.id, what.identity);
    if (what.border.subject != what.identity) {
        const auto& border = std::get<Prefix>(what.border.subject);
        situation.border_past = past_of(what.target.id, border);
        situation.listed_in_border =
            count_open_within(ledger_.txn(), what.target.id, border,
                              std::get<Prefix>(what.identity), what.rule().escalate_count);
        situation.border_refusal =
            refusal_of(ledger_.txn(), options_, *what.target.spec, border, now);
        situation.border_step = what.border.step;
    }
    what.refusal = refusal_of(ledger_.txn(), options_, *what.target.spec, what.identity, now);
    situation.refusal = what.refusal;
    rules::Decision decision =
        rules::decide(what.rule(), what.identity, what.border.subject, situation, now);
    // What standing changed comes first: the figures needed that follow are by it.
    decision.steps.insert(decision.steps.begin(), what.adjusted.steps.begin(),
                          what.adjusted.steps.end());
    return decision;
}

// Hits of an old mailbox count by their own time: what they would have listed has ended by now.
void RuleRunner::leave_past_alone(rules::Decision& decision) const {
    const bool lists =
        decision.outcome == rules::Outcome::Open || decision.outcome == rules::Outcome::Notice;
    if (lists && decision.until.is_set() && decision.until <= ledger_.now()) {
        decision.outcome = rules::Outcome::Wait;
        decision.steps.push_back(
            fmt::format("that was over at {}: nothing is listed", to_string(decision.until)));
    }
}

// A listing whose end has passed ends first, as if the expiry had come by.
std::optional<rules::Past> RuleRunner::past_of(ListId list, const Subject& subject) {
    auto record = ledger_.latest(list, subject);
    if (!record) {
        return std::nullopt;
    }
    expire_if_due(ledger_, *record);
    record = ledger_.latest(list, subject);
    if (!record) {
        return std::nullopt;
    }
    const Listing& listing = record->listing;
    rules::Past past{listing.state, listing.until, listing.notice_until, {}, listing.times};
    if (has_ended(listing.state)) {
        past.ended = listing.changed;
    }
    return past;
}

void RuleRunner::act(Case& what, const rules::Decision& decision, RuleEffect& effect) {
    switch (decision.outcome) {
        case rules::Outcome::Notice:
        case rules::Outcome::Open:
            open(what, decision, effect);
            return;
        case rules::Outcome::Extend:
            extend(what, decision, effect);
            return;
        case rules::Outcome::Refuse:
            ledger_.refuse({what.target.id, decision.subject, what.refusal, what.rule().name},
                           what.rule().window_seconds);
            return;
        case rules::Outcome::Suspended:
        case rules::Outcome::Wait:
            if (auto record = ledger_.latest(what.target.id, decision.subject);
                record && !has_ended(record->listing.state)) {
                ledger_.add_hits(*record, std::span(&what.number, 1), what.hit.time);
                effect.listing = record->listing.id;
            }
            return;
    }
}

void RuleRunner::open(Case& what, const rules::Decision& decision, RuleEffect& effect) {
    const bool notice = decision.outcome == rules::Outcome::Notice;
    Transition step{notice ? ListingAction::Noticed : ListingAction::Opened,
                    notice ? ListingState::Noticed : ListingState::Open,
                    decision.until,
                    fmt::format("rule {}", what.rule().name),
                    decision.steps,
                    what.evidence()};
    auto record = ledger_.latest(what.target.id, decision.subject);
    const bool goes_on = record && !has_ended(record->listing.state);
    ListingRecord fresh{what.target.id, {}};
    ListingRecord& listed = goes_on ? *record : fresh;
    Listing& listing = listed.listing;
    listing.subject = decision.subject;
    listing.rule = what.rule().name;
    listing.code = what.rule().code;
    listing.reason = what.rule().reason;
    listing.ttl_seconds = what.rule().ttl_seconds;
    listing.times = decision.times;
    listing.notice_until = decision.notice_until;
    listing.last_hit = what.hit.time;
    if (!goes_on) {
        listing.opened_by = ledger_.actor().name;
        listing.asn = network_of(options_, decision.subject);
        ledger_.open(listed, step);
    } else {
        ledger_.change(listed, step);
    }
    effect.listing = listing.id;
    listing.list = what.rule().list;
    tell_holder(ledger_, ground_, listing, options_.report_wait_seconds);
}

void RuleRunner::extend(Case& what, const rules::Decision& decision, RuleEffect& effect) {
    auto record = ledger_.latest(what.target.id, decision.subject);
    if (!record) {
        return;
    }
    Listing& listing = record->listing;
    effect.listing = listing.id;
    ledger_.add_hits(*record, std::span(&what.number, 1), what.hit.time);
    if (rules::is_worth_extending(listing.until, decision.until, what.hit.time)) {
        listing.times = decision.times;
        ledger_.change(*record, {ListingAction::Extended, listing.state, decision.until,
                                 fmt::format("rule {}", what.rule().name), decision.steps});
    }
}

}  // namespace fairlist
