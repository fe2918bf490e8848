#include "listing/manager/ledger_txn.h"

#include "listing/base/check.h"
#include "listing/manager/single_change.h"
#include "listing/store/bytes.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <utility>

namespace fairlist {

using store::ListingRecord;
using store::Table;

namespace {

constexpr store::Bytes kLastListingKey = "listing_last";

std::uint64_t next_listing(store::WriteTxn& txn) {
    store::ByteReader in(txn.get(Table::Meta, kLastListingKey).value_or(store::Bytes{}));
    const std::uint64_t number = in.u64() + 1;
    store::ByteWriter out;
    out.u64(number);
    txn.put(Table::Meta, kLastListingKey, out.bytes());
    return number;
}

std::string text_of(const Listing& listing) {
    std::string text(to_string(listing.state));
    if (listing.until.is_set()) {
        text += ", until " + to_string(listing.until);
    }
    return text;
}

AuditNote note_of(std::string_view action, const std::string& list, const Listing* before,
                  const Listing& after) {
    AuditNote note{fmt::format("listing.{}", action),
                   {{"listing", fmt::format("{}", after.id)},
                    {"list", list},
                    {"subject", to_string(after.subject)}}};
    if (before != nullptr) {
        note.details.emplace_back("before", text_of(*before));
    }
    note.details.emplace_back("after", text_of(after));
    if (!after.rule.empty()) {
        note.details.emplace_back("rule", after.rule);
    }
    return note;
}

}  // namespace

std::string reason_of(const Listing& listing) {
    return listing.rule.empty() ? listing.opened_by.substr(0, listing.opened_by.find(':'))
                                : listing.rule;
}

LedgerTxn::LedgerTxn(store::WriteTxn& txn, const Actor& actor, Time now)
    : txn_(txn), actor_(actor), now_(now) {}

std::optional<ListingRecord> LedgerTxn::find(std::uint64_t id) const {
    const auto bytes = txn_.get(Table::Listings, store::number_key(id));
    return bytes ? store::decode_listing(id, *bytes) : std::nullopt;
}

std::optional<store::SubjectRecord> LedgerTxn::subject(ListId list, const Subject& subject) const {
    const auto bytes = txn_.get(Table::ListingSubjects, store::subject_key(list, subject));
    return bytes ? store::decode_subject_record(*bytes) : std::nullopt;
}

std::optional<ListingRecord> LedgerTxn::latest(ListId list, const Subject& subject) const {
    const auto known = this->subject(list, subject);
    return known && known->listing != 0 ? find(known->listing) : std::nullopt;
}

void LedgerTxn::open(ListingRecord& record, const Transition& step) {
    Listing& listing = record.listing;
    const auto known = subject(record.list, listing.subject);
    FAIRLIST_CHECK(!known || known->listing == 0 || has_ended(known->state));
    listing.id = next_listing(txn_);
    listing.earlier = known ? known->listing : 0;
    listing.opened = now_;
    listing.events = 0;
    // As if it had ended: nothing of it is in the index yet.
    listing.state = ListingState::Expired;
    listing.until = {};
    change(record, step);
}

void LedgerTxn::change(ListingRecord& record, const Transition& step) {
    // As it lies in the store: the caller may have set another code already.
    const ListingRecord before = find(record.listing.id).value_or(record);
    change_record(record, step);
    show_in_index(before, record);
}

void LedgerTxn::change_record(ListingRecord& record, const Transition& step) {
    const ListingRecord before = record;
    Listing& listing = record.listing;
    listing.state = step.to;
    listing.until = step.until;
    listing.changed = now_;
    save_event(record, step);
    link(listing, step.hits);
    move_end(before, record);
    save(record);
    save_subject(record);
    count(before, record, step.action);
    const bool is_new = listing.events == 1;
    notes_.push_back(note_of(to_string(step.action), list_name(record.list),
                             is_new ? nullptr : &before.listing, listing));
    if (!step.why.empty()) {
        notes_.back().details.emplace_back("reason", step.why);
    }
}

void LedgerTxn::add_hits(ListingRecord& record, std::span<const std::uint64_t> hits, Time last) {
    link(record.listing, hits);
    record.listing.last_hit = std::max(record.listing.last_hit, last);
    save(record);
}

void LedgerTxn::forget_latest(const ListingRecord& record) {
    const Listing& listing = record.listing;
    const auto before = find(listing.earlier);
    store::SubjectRecord known =
        subject(record.list, listing.subject).value_or(store::SubjectRecord{});
    known.listing = before ? listing.earlier : 0;
    known.state = before ? before->listing.state : ListingState::Expired;
    txn_.put(Table::ListingSubjects, store::subject_key(record.list, listing.subject),
             store::encode_subject_record(known));
}

void LedgerTxn::refuse(const Refusal& refusal, std::uint32_t quiet_seconds) {
    store::SubjectRecord known =
        subject(refusal.list, refusal.subject).value_or(store::SubjectRecord{});
    if (known.refused.is_set() && now_.seconds - known.refused.seconds < quiet_seconds) {
        return;
    }
    known.refused = now_;
    txn_.put(Table::ListingSubjects, store::subject_key(refusal.list, refusal.subject),
             store::encode_subject_record(known));
    AuditNote note{"listing.refuse",
                   {{"list", list_name(refusal.list)},
                    {"subject", to_string(refusal.subject)},
                    {"refusal", refusal.why}}};
    if (!refusal.rule.empty()) {
        note.details.emplace_back("rule", refusal.rule);
    }
    notes_.push_back(std::move(note));
}

std::string LedgerTxn::list_name(ListId list) {
    if (!names_) {
        names_ = store::read_names(txn_);
    }
    return names_->list(list);
}

void LedgerTxn::finish(const store::JournalLimits& limits) {
    log_.commit(txn_, actor_, now_, limits);
    finish_records();
}

void LedgerTxn::finish_records() {
    store::add_figures(txn_, figures_);
    figures_.clear();
    for (AuditNote& note : notes_) {
        note_audit(txn_, actor_, now_, std::move(note));
    }
    notes_.clear();
}

void LedgerTxn::save(const ListingRecord& record) {
    txn_.put(Table::Listings, store::number_key(record.listing.id), store::encode_listing(record));
}

void LedgerTxn::save_subject(const ListingRecord& record) {
    const Listing& listing = record.listing;
    store::SubjectRecord known =
        subject(record.list, listing.subject).value_or(store::SubjectRecord{});
    known.listing = listing.id;
    known.state = listing.state;
    txn_.put(Table::ListingSubjects, store::subject_key(record.list, listing.subject),
             store::encode_subject_record(known));
}

void LedgerTxn::save_event(ListingRecord& record, const Transition& step) {
    ListingEvent event;
    event.time = now_;
    event.action = step.action;
    event.state = step.to;
    event.until = step.until;
    event.actor = actor_.name;
    event.why = step.why.empty() ? actor_.why : step.why;
    event.steps = step.steps;
    event.hits = step.hits;
    ++record.listing.events;
    txn_.put(Table::ListingEvents, store::event_key(record.listing.id, record.listing.events),
             store::encode_event(event));
}

void LedgerTxn::move_end(const ListingRecord& before, const ListingRecord& after) {
    const auto end_of = [](const Listing& listing) {
        return has_ended(listing.state) ? Time{} : listing.until;
    };
    const Time was = end_of(before.listing);
    const Time is = end_of(after.listing);
    if (was == is) {
        return;
    }
    if (was.is_set()) {
        txn_.erase(Table::ListingEnds, store::end_key(was, after.listing.id));
    }
    if (is.is_set()) {
        txn_.put(Table::ListingEnds, store::end_key(is, after.listing.id), "");
    }
}

void LedgerTxn::show_in_index(const ListingRecord& before, const ListingRecord& after) {
    const bool was = before.listing.state == ListingState::Open;
    const bool is = after.listing.state == ListingState::Open;
    const SourceId source = store::intern_source(txn_, kListingSource);
    const Listing& listing = after.listing;
    const bool says_other = before.listing.code != listing.code;
    if (was && (!is || says_other)) {
        take_entries(txn_, listing.subject, {after.list, source, false, {}}, log_);
    }
    if (is) {
        put_entry(txn_, listing.subject,
                  {after.list, source, false, listing.code, listing.ttl_seconds, listing.reason},
                  shown_since(listing), shown_until(listing), log_);
    }
}

// The hits of a notice are also those of the listing that follows it: each counts once.
void LedgerTxn::link(Listing& listing, std::span<const std::uint64_t> hits) {
    using store::EvidenceSide;
    for (const std::uint64_t hit : hits) {
        const std::string key = store::evidence_key(EvidenceSide::OfListing, listing.id, hit);
        if (txn_.get(Table::ListingHits, key)) {
            continue;
        }
        txn_.put(Table::ListingHits, key, "");
        txn_.put(Table::ListingHits, store::evidence_key(EvidenceSide::OfHit, hit, listing.id), "");
        ++listing.hits;
    }
}

void LedgerTxn::count_hit(ListId list, std::uint32_t asn, const std::string& rule, bool is_first) {
    ++figure(list, asn, rule).flows.hits;
    if (is_first) {
        ++figure(list, asn, "").flows.hits;
    }
}

store::FigureChange& LedgerTxn::figure(ListId list, std::uint32_t asn, const std::string& reason) {
    return figures_[{day_of(now_), list, asn, reason}];
}

void LedgerTxn::count(const ListingRecord& before, const ListingRecord& after,
                      ListingAction action) {
    const Listing& listing = after.listing;
    const bool was = before.listing.state == ListingState::Open;
    const bool is = listing.state == ListingState::Open;
    for (const std::string& reason : {std::string(), reason_of(listing)}) {
        store::FigureChange& figure = this->figure(after.list, listing.asn, reason);
        figure.listed += (is ? 1 : 0) - (was ? 1 : 0);
        figure.flows.opened += action == ListingAction::Opened ? 1 : 0;
        figure.flows.extended += action == ListingAction::Extended ? 1 : 0;
        figure.flows.expired += action == ListingAction::Expired ? 1 : 0;
        figure.flows.removed +=
            action == ListingAction::Removed || action == ListingAction::Exempted ? 1 : 0;
    }
}

}  // namespace fairlist
