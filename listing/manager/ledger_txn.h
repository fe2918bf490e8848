// Ledger transaction: the life of listings within one write transaction: record, event, index,
// evidence and audit change together.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/audit_note.h"
#include "listing/manager/change_log.h"
#include "listing/model/listing.h"
#include "listing/store/environment.h"
#include "listing/store/figure_records.h"
#include "listing/store/journal.h"
#include "listing/store/ledger_records.h"
#include "listing/store/registry.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// One step of a life. `hits`: evidence, newest first.
struct Transition {
    ListingAction action = ListingAction::Opened;
    ListingState to = ListingState::Open;
    Time until;
    std::string why{};
    std::vector<std::string> steps{};
    std::vector<std::uint64_t> hits{};
};

// Lifetime: within one call of Environment::write(). What it did counts when finish() was called.
class LedgerTxn {
  public:
    LedgerTxn(store::WriteTxn& txn, const Actor& actor, Time now);

    [[nodiscard]] std::optional<store::ListingRecord> find(std::uint64_t id) const;
    [[nodiscard]] std::optional<store::SubjectRecord> subject(ListId list,
                                                              const Subject& subject) const;
    // The latest listing of the subject, ended or not.
    [[nodiscard]] std::optional<store::ListingRecord> latest(ListId list,
                                                             const Subject& subject) const;

    // A new listing; number, dates, state and `earlier` of `record` are set here. Requires: the
    // latest one of the subject has ended.
    void open(store::ListingRecord& record, const Transition& step);
    // Requires: may_become(), or the state stays.
    void change(store::ListingRecord& record, const Transition& step);
    // Evidence that changes nothing else.
    void add_hits(store::ListingRecord& record, std::span<const std::uint64_t> hits, Time last);

    // The subject's latest listing is again the one before this.
    void forget_latest(const store::ListingRecord& record);

    // A try to list what may not be listed: on record, once in `quiet_seconds`.
    struct Refusal {
        ListId list{};
        Subject subject;
        std::string why;
        std::string rule;  // empty: a person tried
    };
    void refuse(const Refusal& refusal, std::uint32_t quiet_seconds);

    // A hit that a rule has looked at, for the day's figures. `is_first`: of this list.
    void count_hit(ListId list, std::uint32_t asn, const std::string& rule, bool is_first);

    void note(AuditNote note) { notes_.push_back(std::move(note)); }
    [[nodiscard]] ChangeLog& log() noexcept { return log_; }
    [[nodiscard]] store::WriteTxn& txn() noexcept { return txn_; }
    [[nodiscard]] Time now() const noexcept { return now_; }
    [[nodiscard]] const Actor& actor() const noexcept { return actor_; }
    [[nodiscard]] std::string list_name(ListId list);

    // Only the ledger's side: who has changed the index already.
    void change_record(store::ListingRecord& record, const Transition& step);

    // Journal, audit records and figures.
    void finish(const store::JournalLimits& limits);
    // The same without the journal: who has changed the index writes it.
    void finish_records();

  private:
    void save(const store::ListingRecord& record);
    void save_subject(const store::ListingRecord& record);
    void save_event(store::ListingRecord& record, const Transition& step);
    void move_end(const store::ListingRecord& before, const store::ListingRecord& after);
    void show_in_index(const store::ListingRecord& before, const store::ListingRecord& after);
    void link(Listing& listing, std::span<const std::uint64_t> hits);
    void count(const store::ListingRecord& before, const store::ListingRecord& after,
               ListingAction action);
    [[nodiscard]] store::FigureChange& figure(ListId list, std::uint32_t asn,
                                              const std::string& reason);

    store::WriteTxn& txn_;
    const Actor& actor_;
    Time now_;
    ChangeLog log_;
    std::vector<AuditNote> notes_;
    std::map<FigureKey, store::FigureChange> figures_;
    std::optional<store::Names> names_;
};

// What opened a listing, for figures: the rule, else the kind of who did it ("operator").
[[nodiscard]] std::string reason_of(const Listing& listing);

}  // namespace fairlist
