// Ledger: listings with a life, and the hits that open, extend and prove them.
//
// Every change of a listing is one transaction with its entry in the index, its event, its journal
// commit and its audit record: after a kill at any moment all of them are there, or none.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/ground.h"
#include "listing/model/figure_table.h"
#include "listing/model/hit.h"
#include "listing/model/list.h"
#include "listing/model/listing.h"
#include "listing/model/policy.h"
#include "listing/model/protected_space.h"
#include "listing/model/space.h"
#include "listing/model/standing.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/decision.h"
#include "listing/store/environment.h"
#include "listing/store/journal.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct LedgerOptions {
    std::vector<ListSpec> lists;
    std::vector<TrapRule> rules;
    AddressSpace space;  // of the configuration; providers' policies stand over it
    PolicyRules policy;
    StandingRules standing;
    ProtectedSpace protected_space;
    std::vector<Prefix> known_good;               // senders that are never listed
    std::vector<DomainName> do_not_list_domains;  // and what is below them
    store::JournalLimits journal;
    std::uint32_t keep_hits_seconds = 180 * 86400;
    // How long a report to a provider waits for others to it; not set: providers are told nothing.
    std::optional<std::uint32_t> report_wait_seconds = 900;
    std::function<std::uint32_t(const Address&)> asn_of;  // 0: not known; empty: none is known
    std::function<Time()> clock = now;
};

// What a rule made of a hit.
struct RuleEffect {
    std::string rule;
    std::string list;
    Subject subject;
    rules::Outcome outcome = rules::Outcome::Wait;
    std::uint64_t listing = 0;  // 0: none is concerned
    std::vector<std::string> steps;
};

struct RecordedHit {
    std::uint64_t number = 0;  // from 1, never given twice
    bool duplicate = false;    // known already: `number` is the known one's, and nothing changed
    std::vector<RuleEffect> effects;
};

struct NewListing {
    std::string list;
    Subject subject;
    Time until;  // not set: stays
    ReturnCode code;
    std::uint32_t ttl_seconds = 0;
    std::string reason;
};

struct ListingFilter {
    std::optional<std::string> list;
    std::optional<ListingState> state;
    std::optional<Prefix> within;
    std::optional<Subject> subject;
    bool ended = false;  // also those that have ended
};

struct ListingPage {
    std::vector<Listing> listings;
    std::string next;  // opaque; empty: no more. Give it back as `after`.
};

struct StoredHit {
    std::uint64_t number = 0;
    Hit hit;
};

// What a step of the expiry did.
struct ExpiryStep {
    std::uint64_t expired = 0;
    std::uint64_t lapsed = 0;
    bool more = false;  // others have ended too: call again
};

// Thread: one thread; several processes may each have one on the same store. Throws
// store::StoreError when the environment is broken.
class Ledger {
  public:
    Ledger(store::Environment& environment, LedgerOptions options);
    ~Ledger();
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    // Takes the hits in, applies every rule to each in turn, and commits once. Durable when it
    // returns. A hit whose key is known changes nothing. Limit: kRecordHitsMax.
    [[nodiscard]] std::vector<RecordedHit> record(const Actor& actor, std::span<const Hit> hits);
    static constexpr std::size_t kRecordHitsMax = 10000;

    // By a person or a report: opens a listing, or extends the one that there is; never both.
    // Errors: NotFound (list), Malformed (subject of another kind), Refused (protected,
    // do-not-list), OutOfRange (reason, end in the past).
    [[nodiscard]] Result<Listing> open(const Actor& actor, const NewListing& listing);

    // Each gives the listing as it is now. Errors: NotFound (no such number), Conflict (its state
    // does not allow it; says which it is in).
    [[nodiscard]] Result<Listing> suspend(const Actor& actor, std::uint64_t id);
    [[nodiscard]] Result<Listing> resume(const Actor& actor, std::uint64_t id);
    [[nodiscard]] Result<Listing> remove(const Actor& actor, std::uint64_t id);
    // `until` not set: stays. Also earlier than now set; an end in the past is OutOfRange.
    [[nodiscard]] Result<Listing> extend(const Actor& actor, std::uint64_t id, Time until);
    // Ends the listing and adds an exemption of its subject that ends at `until`.
    [[nodiscard]] Result<Listing> exempt(const Actor& actor, std::uint64_t id, Time until,
                                         std::string_view reason);

    // Ends what has ended by the clock, at most `limit` listings in one transaction.
    ExpiryStep expire(std::size_t limit);
    // The earliest end of a listing; not set: none ends.
    [[nodiscard]] Time next_end();
    // Forgets hits older than the limit, except those that an open listing rests on; at most
    // `limit`.
    std::uint64_t trim_hits(std::size_t limit);

    [[nodiscard]] std::optional<Listing> find(std::uint64_t id);
    // The latest of this subject in this list, ended or not.
    [[nodiscard]] std::optional<Listing> latest(std::string_view list, const Subject& subject);
    [[nodiscard]] Result<ListingPage> page(const ListingFilter& filter, std::string_view after,
                                           std::size_t limit);
    // Oldest first.
    [[nodiscard]] std::vector<ListingEvent> history(std::uint64_t id);
    // Of the evidence of a listing, newest first.
    [[nodiscard]] std::vector<StoredHit> evidence(std::uint64_t id, std::size_t limit);
    [[nodiscard]] std::optional<StoredHit> hit(std::uint64_t number);
    // Hits that came in at `from` or later, oldest first, to `each`, until it says false.
    void hits_since(Time from, const std::function<bool(const StoredHit&)>& each);

    // Whose space is whose, and what it is for, as rules see it now.
    [[nodiscard]] std::shared_ptr<const Ground> ground();

    // Why the list may not have the subject; empty: it may. Also of a list that is not there.
    [[nodiscard]] std::string refusal(std::string_view list, const Subject& subject);

    // Puts on record who reads evidence in full, before it is shown: "evidence.full" in the audit
    // log. `listing` 0: the hits were asked for by their numbers.
    void note_access(const Actor& actor, std::uint64_t listing,
                     std::span<const std::uint64_t> hits);

    // The rules that are on record, as rules_text() has them; empty: none are.
    [[nodiscard]] std::string noted_rules();

    // All figures that are kept, for make_figure_table().
    [[nodiscard]] std::vector<FigureEntry> figures();

    // Puts on record that the rules in force are others than those before. Called at start: does
    // nothing when they are the same. Returns whether they had changed.
    bool note_rules(const Actor& actor);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fairlist
