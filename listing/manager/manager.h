// Manager: the one place where anything changes: commands in, one transaction out.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/audit_check.h"
#include "listing/manager/audit_checkpoint.h"
#include "listing/manager/doctor.h"
#include "listing/model/entry.h"
#include "listing/model/list.h"
#include "listing/model/protected_space.h"
#include "listing/store/audit_chain.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// One entry as a person sees it.
struct EntryView {
    std::string list;
    std::string source;
    Entry entry;
    bool answers = false;  // in lookup(): one of those that answer now
};

// What is asked of the index for an entry that a person or a feed gives.
struct NewEntry {
    Subject subject;
    bool exempt = false;
    ReturnCode code;
    std::uint32_t ttl_seconds = 0;
    std::string reason;
    Time until;
};

enum class ChangeKind : std::uint8_t { Unchanged, Added, Changed, Removed };

struct EntryFilter {
    std::optional<std::string> list;
    std::optional<std::string> source;
    std::optional<Prefix> within;  // address entries inside this prefix
    bool exemptions_only = false;
    bool include_expired = false;
};

struct EntryPage {
    std::vector<EntryView> entries;
    std::string next;  // opaque; empty: no more. Give it back as `after`.
};

// A change in the journal. A commit's changes share its number.
struct JournalItem {
    std::uint64_t number = 0;
    Time time;
    std::string actor;
    ChangeKind kind = ChangeKind::Unchanged;
    EntryView before;  // for Removed and Changed
    EntryView after;   // for Added and Changed
    // A bulk change too large to be kept entry by entry: the counts alone.
    bool is_bulk = false;
    std::string bulk_list;
    std::string bulk_source;
    std::uint64_t bulk_added = 0;
    std::uint64_t bulk_changed = 0;
    std::uint64_t bulk_removed = 0;
};

// What the store remembers of a feed.
struct FeedState {
    std::string name;
    std::uint64_t version = 0;  // 0: never imported
    Time imported;
    Time checked;  // last run that found nothing new, or imported
    std::uint64_t entries = 0;
    Time data_end;       // when the data end as they say themselves; not set: they do not
    std::string digest;  // BLAKE2b-256 of the source's bytes, hex
    std::string etag;
    std::string last_modified;
    std::string last_error;  // empty: the last run was good
    bool held = false;       // a version waits for approval
    std::string held_why;
    bool rolled_back = false;  // to an older version, until the source has new bytes
};

// What a step of a sweep did, and where the next one goes on.
struct SweepStep {
    std::uint64_t deleted = 0;
    std::string next;  // opaque; empty: the whole store was looked through
};

struct StoreStatus {
    std::uint64_t journal_head = 0;
    std::uint64_t journal_tail = 0;  // the oldest commit that is kept; head + 1: none
    std::uint64_t entries = 0;
    std::uint64_t verdicts = 0;
    std::uint64_t file_bytes = 0;  // of the pages in use
    std::uint64_t map_bytes = 0;
    std::uint32_t readers = 0;
    std::uint32_t format_version = 0;
};

struct ListStatus {
    ListSpec spec;
    std::uint64_t entries = 0;
    std::uint64_t exemptions = 0;
};

// The planned effect of a bulk import, computed against the index in force.
struct ImportPlan {
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t total_before = 0;
    std::uint64_t total_after = 0;
};

// How far a bulk import is; called at most every few thousand entries.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Entries of one import, collected in memory in compact form, then sorted.
// 8 bytes an IPv4 entry, 24 an IPv6 one, the name and about 48 bytes a domain; identical verdicts
// are kept once.
class ImportSet {
  public:
    ImportSet();
    ~ImportSet();
    ImportSet(ImportSet&&) noexcept;
    ImportSet& operator=(ImportSet&&) noexcept;

    // Of several with the same subject, code and exemption one stays.
    void add(const NewEntry& entry);
    void add(const Prefix& prefix, bool exempt, ReturnCode code, std::uint32_t ttl_seconds,
             std::string_view reason, Time until);
    // The same in two steps, for many entries that say the same.
    [[nodiscard]] std::uint32_t saying(bool exempt, ReturnCode code, std::uint32_t ttl_seconds,
                                       std::string_view reason, Time until);
    void add(const Prefix& prefix, std::uint32_t saying);
    [[nodiscard]] std::uint64_t size() const noexcept;

    struct Impl;  // listing/manager/import_set.h
    [[nodiscard]] Impl& impl() noexcept { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

// Thread: one thread; several processes may each have one on the same store (LMDB serialises the
// writers). Throws store::StoreError when the environment is broken (disk full, corrupt file).
class Manager {
  public:
    struct Options {
        std::vector<ListSpec> lists;
        ProtectedSpace protected_space;
        std::uint64_t journal_keep_bytes = 512ULL << 20U;
        std::uint32_t journal_keep_seconds = 30 * 86400;
        std::function<Time()> clock = now;
    };

    // Lists named in `options` that the store does not know yet get their numbers, unless the
    // environment is read-only: then they are empty, and what changes anything throws StoreError.
    Manager(store::Environment& environment, Options options);
    ~Manager();
    // The names of those lists.
    [[nodiscard]] const std::vector<std::string>& new_lists() const noexcept;
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    // Single changes. Errors: NotFound (list), Malformed (subject of another kind), Refused
    // (protected space, foreign code), OutOfRange (reason too long).
    [[nodiscard]] Result<ChangeKind> add(const Actor& actor, std::string_view list,
                                         std::string_view source, const NewEntry& entry);
    // Removes the source's entries (or exemptions) of exactly this subject; without a source those
    // of all sources. Returns how many went.
    [[nodiscard]] Result<std::uint64_t> remove(const Actor& actor, std::string_view list,
                                               std::optional<std::string_view> source,
                                               const Subject& subject, bool exemptions);

    // Bulk: what `set` would change in the list's entries of this source; writes nothing.
    [[nodiscard]] Result<ImportPlan> plan(std::string_view list, std::string_view source,
                                          ImportSet& set);
    // Makes the list's entries of this source exactly `set`, in one transaction with the journal
    // and the feed's state. Unchanged entries keep their `since`; nothing changed writes no entry.
    [[nodiscard]] Result<ImportPlan> apply(const Actor& actor, std::string_view list,
                                           std::string_view source, ImportSet& set,
                                           const std::optional<FeedState>& feed,
                                           const Progress& progress);

    [[nodiscard]] std::vector<FeedState> feeds();
    [[nodiscard]] std::optional<FeedState> feed(std::string_view name);
    void save_feed(const FeedState& state);
    // Its state alone; entries go with an empty import.
    void forget_feed(const Actor& actor, std::string_view name);

    // Everything known of a subject: the entries of all lists that cover it (addresses: also the
    // wider prefixes; names: also the wildcards above), narrowest first, expired ones included.
    [[nodiscard]] std::vector<EntryView> lookup(const Subject& subject);

    [[nodiscard]] Result<EntryPage> entries(const EntryFilter& filter, std::string_view after,
                                            std::size_t limit);
    // Changes after `after` (a commit's number), oldest first, at most `limit` items but always
    // whole commits. Errors: OutOfRange when the journal no longer reaches back that far.
    [[nodiscard]] Result<std::vector<JournalItem>> journal(std::uint64_t after, std::size_t limit);

    // Records of the audit log after number `after`, oldest first.
    [[nodiscard]] std::vector<store::AuditRecord> audit(std::uint64_t after, std::size_t limit);
    [[nodiscard]] store::AuditHead audit_head();
    // See check_audit() in audit_check.h.
    [[nodiscard]] AuditVerdict check_audit(std::span<const AuditCheckpoint> published,
                                           const std::optional<AuditPublicKey>& trusted);
    // Signs the head of the audit log and keeps the checkpoint. Errors: NotFound (nothing was
    // audited yet).
    [[nodiscard]] Result<AuditCheckpoint> checkpoint_audit(const AuditSecretKey& key);

    [[nodiscard]] DoctorReport examine();
    [[nodiscard]] StoreStatus status();
    [[nodiscard]] std::vector<ListStatus> lists();

    // One step of a sweep: looks for entries that ended, from where the step before stopped (at
    // first: empty), and deletes what it found in one transaction, some `limit` at the most.
    SweepStep sweep_expired(std::string_view after, std::size_t limit);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fairlist
