#include "listing/manager/removal_judge.h"

#include "listing/base/check.h"
#include "listing/manager/expiry.h"
#include "listing/manager/ledger_query.h"
#include "listing/manager/removal_checks.h"
#include "listing/manager/single_change.h"
#include "listing/store/ledger_records.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace fairlist {

using store::RemovalRecord;

namespace {

Time plus(Time time, std::uint32_t seconds) {
    return Time{time.seconds + std::min(seconds, UINT32_MAX - time.seconds)};
}

const Prefix* prefix_of(const Removal& removal) {
    return std::get_if<Prefix>(&removal.subject);
}

}  // namespace

RemovalJudge::RemovalJudge(LedgerTxn& ledger, const RemovalDeskOptions& options,
                           std::shared_ptr<const Ground> ground)
    : ledger_(ledger), options_(options), ground_(std::move(ground)), book_(ledger) {}

void RemovalJudge::place(RemovalRecord& record) const {
    Removal& removal = record.removal;
    if (const Prefix* prefix = prefix_of(removal)) {
        removal.provider = ground_->holder_of(*prefix);
    }
    removal.step = facts_of(record).earlier.count;
}

RemovalJudge::Facts RemovalJudge::facts_of(const RemovalRecord& record) const {
    const Removal& removal = record.removal;
    Facts facts;
    facts.rule = removal_rule(options_, removal.list);
    if (const auto found = find_removal_targets(ledger_.txn(), options_, removal.list,
                                                removal.subject, ledger_.now())) {
        facts.rule = found->front().rule;
    }
    if (const auto listing = ledger_.find(removal.listing)) {
        facts.last_hit = listing->listing.last_hit;
    }
    const std::uint32_t now = ledger_.now().seconds;
    facts.earlier = grants_since(ledger_.txn(), record.list, removal.subject,
                                 Time{now - std::min(now, facts.rule.reset_seconds)});
    const Prefix* prefix = prefix_of(removal);
    facts.quote = prefix == nullptr ? nullptr : ground_->quote(*prefix);
    facts.permits = permits_direct_mail(facts.quote);
    facts.policy_text = policy_text(facts.quote);
    return facts;
}

std::vector<Check> RemovalJudge::checks_of(const RemovalRecord& record, const Facts& facts) const {
    const Removal& removal = record.removal;
    std::vector<std::string> others;
    if (const auto found =
            find_removal_targets(ledger_.txn(), options_, "", removal.subject, ledger_.now())) {
        for (const RemovalTarget& target : *found) {
            if (target.list != record.list) {
                others.push_back(target.list_name);
            }
        }
    }
    return {policy_check(facts.quote), quiet_check(facts.rule, facts.last_hit, ledger_.now()),
            earlier_check(facts.rule, facts.earlier), other_lists_check(others)};
}

rules::RemovalDecision RemovalJudge::judge(const RemovalRecord& record, const Facts& facts) const {
    const Removal& removal = record.removal;
    const Tier tier = ground_->tier_of(removal.provider);
    rules::RemovalSituation situation;
    situation.proof = removal.proof;
    situation.attested = removal.attested;
    situation.effect = options_.standing.effect(removal.provider.empty() ? Tier::Neutral : tier);
    if (!removal.provider.empty()) {
        situation.tier_text = fmt::format("standing {} of {}", to_string(tier), removal.provider);
    }
    situation.checks = removal.checks;
    situation.asked = removal.made;
    situation.last_hit = facts.last_hit;
    situation.earlier = facts.earlier.count;
    situation.last_granted = facts.earlier.last;
    situation.policy_permits = facts.permits;
    situation.policy_text = facts.policy_text;
    return rules::decide_removal(facts.rule, situation, ledger_.now());
}

void RemovalJudge::decide(RemovalRecord& record, const PartyFindings& findings) {
    FAIRLIST_CHECK(record.removal.state == RemovalState::Checking);
    if (end_if_moot(record)) {
        return;
    }
    const Facts facts = facts_of(record);
    merge_checks(record.removal.checks, findings.checks);
    merge_checks(record.removal.checks, checks_of(record, facts));
    record.removal.step = facts.earlier.count;
    apply(record, judge(record, facts));
}

void RemovalJudge::decide_early(RemovalRecord& record) {
    const Facts facts = facts_of(record);
    const rules::RemovalDecision decision = judge(record, facts);
    const bool is_word = record.removal.attested || record.removal.proof == ProofKind::Provider;
    if (is_word && decision.state == RemovalState::Granted) {
        merge_checks(record.removal.checks, checks_of(record, facts));
        apply(record, decision);
    }
}

void RemovalJudge::apply(RemovalRecord& record, const rules::RemovalDecision& decision) {
    std::string why = decision.outcome;
    for (const std::string& step : decision.steps) {
        why += "; " + step;
    }
    record.removal.outcome = why;
    switch (decision.state) {
        case RemovalState::Granted:
            grant(record, std::move(why));
            break;
        case RemovalState::Operator:
            hand_over(record, std::move(why));
            break;
        default:
            record.removal.until = decision.until;
            book_.move(record, decision.state, std::move(why));
    }
}

void RemovalJudge::grant(RemovalRecord& record, std::string why) {
    Removal& removal = record.removal;
    const RemovalRule rule = facts_of(record).rule;
    auto listing = ledger_.find(removal.listing);
    const bool has_life = listing && !has_ended(listing->listing.state);
    const bool exempts = rule.mode == RemovalMode::Exemption || removal.listing == 0;
    const std::string reason = fmt::format("removal {}", removal.id);
    if (has_life && listing->listing.subject == removal.subject) {
        ledger_.change(*listing, {exempts ? ListingAction::Exempted : ListingAction::Removed,
                                  exempts ? ListingState::Exempted : ListingState::Removed,
                                  listing->listing.until, reason});
    }
    if (exempts) {
        put_entry(ledger_.txn(), removal.subject,
                  {record.list, store::intern_source(ledger_.txn(), kRemovalSource), true,
                   ReturnCode{}, 0, reason},
                  ledger_.now(), plus(ledger_.now(), rule.exemption_seconds), ledger_.log());
    }
    removal.outcome = why;
    removal.until = plus(ledger_.now(), rule.watch_seconds);
    book_.move(record, RemovalState::Granted, std::move(why));
}

void RemovalJudge::hand_over(RemovalRecord& record, std::string why) {
    record.removal.due = plus(ledger_.now(), options_.operator_seconds);
    record.removal.until = {};
    book_.move(record, RemovalState::Operator, std::move(why));
}

bool RemovalJudge::end_if_moot(RemovalRecord& record) {
    if (auto listing = ledger_.find(record.removal.listing)) {
        expire_if_due(ledger_, *listing);
    }
    if (is_still_listed(ledger_.txn(), options_, record.removal, ledger_.now())) {
        return false;
    }
    record.removal.outcome = "the listing ended by itself meanwhile";
    book_.move(record, RemovalState::Moot, record.removal.outcome);
    return true;
}

std::uint64_t relisted(const store::Txn& txn, const RemovalRecord& record) {
    const Removal& removal = record.removal;
    const auto bytes =
        txn.get(store::Table::ListingSubjects, store::subject_key(record.list, removal.subject));
    const auto known = bytes ? store::decode_subject_record(*bytes) : std::nullopt;
    if (!known || known->listing == 0 || known->listing == removal.listing) {
        return 0;
    }
    const auto latest = read_listing(txn, known->listing);
    const bool counts =
        latest && latest->state != ListingState::Noticed && latest->opened >= granted_at(removal);
    return counts ? latest->id : 0;
}

}  // namespace fairlist
