#include "listing/manager/manager.h"

#include "listing/index/range_cursor.h"
#include "listing/index/verdict_table.h"
#include "listing/manager/audit_note.h"
#include "listing/manager/bulk_import.h"
#include "listing/manager/change_log.h"
#include "listing/manager/entry_query.h"
#include "listing/manager/feed_record.h"
#include "listing/manager/ledger_follow.h"
#include "listing/manager/list_target.h"
#include "listing/manager/single_change.h"
#include "listing/manager/sweep.h"
#include "listing/model/listing.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <utility>
#include <variant>

namespace fairlist {

using store::Table;

namespace {

constexpr std::size_t kSourceNameBytesMax = 100;

Result<void> check_source(std::string_view source) {
    if (source.empty() || source.size() > kSourceNameBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("source \"{}\": expected 1 to {} bytes",
                                                  source.substr(0, 64), kSourceNameBytesMax));
    }
    if (source == kListingSource) {
        return fail(Errc::Conflict, fmt::format("source \"{}\": its entries are those of listings; "
                                                "name another, or use \"fairlist listing\"",
                                                source));
    }
    return {};
}

}  // namespace

struct Manager::Impl {
    store::Environment& environment;
    Options options;
    std::vector<std::string> new_lists{};

    [[nodiscard]] Result<ListTarget> find_target(const store::Txn& txn,
                                                 std::string_view name) const {
        return find_list_target(txn, options.lists, name);
    }

    [[nodiscard]] Result<void> check_entry(const ListSpec& spec, const Subject& subject,
                                           const NewEntry* entry) const {
        if (entry == nullptr) {
            return check_kind(spec, subject);
        }
        return fairlist::check_entry(spec, *entry, options.protected_space);
    }

    // Runs `change`, then writes journal, counts and audit in the same transaction. `describe` is
    // given the log and returns the AuditNote.
    template <typename Change, typename Describe>
    void commit(const Actor& actor, const Change& change, const Describe& describe) {
        environment.write([&](store::WriteTxn& txn) {
            ChangeLog log;
            change(txn, log);
            if (log.is_empty()) {
                return;
            }
            const Time now = options.clock();
            AuditNote note = describe(log);
            follow_in_ledger(txn, actor, now, log);
            log.commit(txn, actor, now, {options.journal_keep_bytes, options.journal_keep_seconds});
            note_audit(txn, actor, now, std::move(note));
        });
    }

    // A try to list what may not be listed is on record as well.
    void audit_refusal(const Actor& actor, std::string_view list, const Subject& subject,
                       const Error& error) {
        environment.write([&](store::WriteTxn& txn) {
            AuditNote note = entry_note("refuse", list, subject, false, {});
            note.details.emplace_back("rule", error.message);
            note_audit(txn, actor, options.clock(), std::move(note));
        });
    }

    void register_lists() {
        std::vector<const ListSpec*> missing;
        {
            const store::ReadTxn txn(environment);
            for (const ListSpec& spec : options.lists) {
                const auto known = store::find_list(txn, spec.name);
                if (!known && !environment.is_read_only()) {
                    missing.push_back(&spec);
                } else if (known && known->kind != spec.kind) {
                    throw store::StoreError(fmt::format(
                        "store: list \"{}\" holds {} entries, the configuration says {}; give the "
                        "new list another name",
                        spec.name, to_string(known->kind), to_string(spec.kind)));
                }
            }
        }
        if (missing.empty()) {
            return;
        }
        environment.write([&](store::WriteTxn& txn) {
            AuditNote note{"list.register", {}};
            for (const ListSpec* spec : missing) {
                if (!store::find_list(txn, spec->name)) {
                    store::register_list(txn, spec->name, spec->kind);
                    note.details.emplace_back("list", spec->name);
                }
            }
            if (!note.details.empty()) {
                note_audit(txn, {.name = "rule:configuration"}, options.clock(), std::move(note));
            }
        });
        for (const ListSpec* spec : missing) {
            new_lists.push_back(spec->name);
        }
    }
};

Manager::Manager(store::Environment& environment, Options options)
    : impl_(new Impl{environment, std::move(options)}) {
    environment.check_readers();
    impl_->register_lists();
}

Manager::~Manager() = default;

const std::vector<std::string>& Manager::new_lists() const noexcept {
    return impl_->new_lists;
}

Result<ChangeKind> Manager::add(const Actor& actor, std::string_view list, std::string_view source,
                                const NewEntry& entry) {
    ListTarget target;
    {
        const store::ReadTxn txn(impl_->environment);
        const auto found = impl_->find_target(txn, list);
        if (!found) {
            return std::unexpected(found.error());
        }
        target = *found;
    }
    if (const auto good = impl_->check_entry(*target.spec, entry.subject, &entry); !good) {
        if (good.error().code == Errc::Refused) {
            impl_->audit_refusal(actor, list, entry.subject, good.error());
        }
        return std::unexpected(good.error());
    }
    if (const auto good = check_source(source); !good) {
        return std::unexpected(good.error());
    }
    ChangeKind kind = ChangeKind::Unchanged;
    impl_->commit(
        actor,
        [&](store::WriteTxn& txn, ChangeLog& log) {
            const Verdict verdict{target.id,         store::intern_source(txn, source),
                                  entry.exempt,      entry.code,
                                  entry.ttl_seconds, entry.reason};
            put_entry(txn, entry.subject, verdict, impl_->options.clock(), entry.until, log);
            kind = log.added() != 0     ? ChangeKind::Added
                   : log.changed() != 0 ? ChangeKind::Changed
                                        : ChangeKind::Unchanged;
        },
        [&](const ChangeLog& log) {
            AuditNote note = entry_note("add", list, entry.subject, entry.exempt, log);
            note.details.emplace_back("source", source);
            return note;
        });
    return kind;
}

Result<std::uint64_t> Manager::remove(const Actor& actor, std::string_view list,
                                      std::optional<std::string_view> source,
                                      const Subject& subject, bool exemptions) {
    EntryPattern pattern;
    pattern.exempt = exemptions;
    {
        const store::ReadTxn txn(impl_->environment);
        const auto target = impl_->find_target(txn, list);
        if (!target) {
            return std::unexpected(target.error());
        }
        if (const auto good = impl_->check_entry(*target->spec, subject, nullptr); !good) {
            return std::unexpected(good.error());
        }
        pattern.list = target->id;
        if (source) {
            pattern.source = store::find_source(txn, *source);
            if (!pattern.source) {
                return std::uint64_t{0};
            }
        }
    }
    std::uint64_t taken = 0;
    impl_->commit(
        actor,
        [&](store::WriteTxn& txn, ChangeLog& log) {
            taken = take_entries(txn, subject, pattern, log);
        },
        [&](const ChangeLog& log) { return entry_note("remove", list, subject, exemptions, log); });
    return taken;
}

namespace {

ImportPlan make_plan(const ChangeLog& log, const store::EntryCounts& before) {
    ImportPlan plan;
    plan.added = log.added();
    plan.changed = log.changed();
    plan.removed = log.removed();
    plan.unchanged = log.unchanged();
    plan.total_before = before.entries + before.exemptions;
    plan.total_after = plan.total_before + plan.added - plan.removed;
    return plan;
}

}  // namespace

Result<ImportPlan> Manager::plan(std::string_view list, std::string_view source, ImportSet& set) {
    set.impl().finish();
    const store::ReadTxn txn(impl_->environment);
    const auto target = impl_->find_target(txn, list);
    // A reader does not give a new list its number.
    const bool is_new = !target && impl_->environment.is_read_only() &&
                        std::ranges::find(impl_->options.lists, list, &ListSpec::name) !=
                            impl_->options.lists.end();
    if (!target && !is_new) {
        return std::unexpected(target.error());
    }
    const auto source_id = is_new ? std::nullopt : store::find_source(txn, source);
    if (!source_id) {
        ImportPlan plan;
        plan.added = set.size();
        plan.total_after = set.size();
        return plan;
    }
    ChangeLog log;
    BulkImport import(txn, set.impl(), target->id, *source_id);
    import.run(log, {});
    return make_plan(log, store::read_counts(txn, target->id, *source_id));
}

Result<ImportPlan> Manager::apply(const Actor& actor, std::string_view list,
                                  std::string_view source, ImportSet& set,
                                  const std::optional<FeedState>& feed, const Progress& progress) {
    if (const auto good = check_source(source); !good) {
        return std::unexpected(good.error());
    }
    set.impl().finish();
    ListTarget target;
    {
        const store::ReadTxn txn(impl_->environment);
        const auto found = impl_->find_target(txn, list);
        if (!found) {
            return std::unexpected(found.error());
        }
        target = *found;
    }
    // A reader that was killed pins pages until its slot is freed, while an import frees many.
    const Progress watched = [&](std::uint64_t done, std::uint64_t total) {
        impl_->environment.check_readers();
        if (progress) {
            progress(done, total);
        }
    };
    ImportPlan plan;
    impl_->environment.check_readers();
    impl_->commit(
        actor,
        [&](store::WriteTxn& txn, ChangeLog& log) {
            const SourceId source_id = store::intern_source(txn, source);
            const store::EntryCounts before = store::read_counts(txn, target.id, source_id);
            BulkImport import(txn, set.impl(), target.id, source_id, impl_->options.clock());
            import.run(log, watched);
            plan = make_plan(log, before);
            if (feed) {
                txn.put(Table::Feeds, feed->name, encode_feed(*feed));
            }
            index::collect_verdicts(txn);
        },
        [&](const ChangeLog& log) {
            AuditNote note = bulk_note("import", log);
            note.details.emplace_back("list", list);
            note.details.emplace_back("source", source);
            if (feed) {
                note.details.emplace_back("version", fmt::format("{}", feed->version));
                note.details.emplace_back("digest", feed->digest);
            }
            return note;
        });
    return plan;
}

std::vector<FeedState> Manager::feeds() {
    std::vector<FeedState> states;
    const store::ReadTxn txn(impl_->environment);
    store::Cursor cursor(txn, Table::Feeds);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        if (auto state = decode_feed(cursor.key(), cursor.value())) {
            states.push_back(std::move(*state));
        }
    }
    return states;
}

std::optional<FeedState> Manager::feed(std::string_view name) {
    const store::ReadTxn txn(impl_->environment);
    const auto record = txn.get(Table::Feeds, name);
    return record ? decode_feed(name, *record) : std::nullopt;
}

void Manager::save_feed(const FeedState& state) {
    impl_->environment.write(
        [&](store::WriteTxn& txn) { txn.put(Table::Feeds, state.name, encode_feed(state)); });
}

void Manager::forget_feed(const Actor& actor, std::string_view name) {
    impl_->environment.write([&](store::WriteTxn& txn) {
        if (txn.erase(Table::Feeds, name)) {
            note_audit(txn, actor, impl_->options.clock(),
                       {"feed.forget", {{"feed", std::string(name)}}});
        }
    });
}

std::vector<store::AuditRecord> Manager::audit(std::uint64_t after, std::size_t limit) {
    const store::ReadTxn txn(impl_->environment);
    std::vector<store::AuditRecord> records;
    const std::uint64_t head = store::audit_head(txn).number;
    for (std::uint64_t number = after + 1; number <= head && records.size() < limit; ++number) {
        auto record = store::read_audit(txn, number);
        if (!record) {
            throw store::StoreError(fmt::format(
                "store: audit: record {} is missing or malformed; see \"fairlist audit verify\"",
                number));
        }
        records.push_back(std::move(*record));
    }
    return records;
}

store::AuditHead Manager::audit_head() {
    return store::audit_head(store::ReadTxn(impl_->environment));
}

AuditVerdict Manager::check_audit(std::span<const AuditCheckpoint> published,
                                  const std::optional<AuditPublicKey>& trusted) {
    return fairlist::check_audit(store::ReadTxn(impl_->environment), published, trusted);
}

Result<AuditCheckpoint> Manager::checkpoint_audit(const AuditSecretKey& key) {
    const store::AuditHead head = audit_head();
    if (head.number == 0) {
        return fail(Errc::NotFound, "nothing was audited yet: there is no record to sign");
    }
    const AuditCheckpoint checkpoint = sign_checkpoint(head, impl_->options.clock(), key);
    impl_->environment.write([&](store::WriteTxn& txn) { save_checkpoint(txn, checkpoint); });
    return checkpoint;
}

std::vector<EntryView> Manager::lookup(const Subject& subject) {
    const store::ReadTxn txn(impl_->environment);
    return lookup_entries(txn, impl_->options.lists, subject, impl_->options.clock());
}

Result<EntryPage> Manager::entries(const EntryFilter& filter, std::string_view after,
                                   std::size_t limit) {
    const store::ReadTxn txn(impl_->environment);
    // A list that is new in the configuration has no number before the first change.
    const auto& lists = impl_->options.lists;
    if (filter.list && !store::find_list(txn, *filter.list) &&
        std::ranges::find(lists, *filter.list, &ListSpec::name) != lists.end()) {
        return EntryPage{};
    }
    return page_entries(txn, filter, after, limit, impl_->options.clock());
}

namespace {

JournalItem bulk_item(const store::JournalBulk& bulk, const store::Names& names) {
    JournalItem item;
    item.is_bulk = true;
    item.bulk_list = names.list(bulk.list);
    item.bulk_source = names.source(bulk.source);
    item.bulk_added = bulk.added;
    item.bulk_changed = bulk.changed;
    item.bulk_removed = bulk.removed;
    return item;
}

EntryView view_of(const Subject& subject, const store::JournalSide& side,
                  const store::Names& names) {
    return {names.list(side.verdict.list), names.source(side.verdict.source),
            Entry{subject, side.verdict, side.since, side.until}};
}

JournalItem change_item(const store::JournalChange& change, const store::Names& names) {
    JournalItem item;
    item.kind = !change.before  ? ChangeKind::Added
                : !change.after ? ChangeKind::Removed
                                : ChangeKind::Changed;
    if (change.before) {
        item.before = view_of(change.subject, *change.before, names);
    }
    if (change.after) {
        item.after = view_of(change.subject, *change.after, names);
    }
    return item;
}

}  // namespace

Result<std::vector<JournalItem>> Manager::journal(std::uint64_t after, std::size_t limit) {
    const store::ReadTxn txn(impl_->environment);
    const std::uint64_t head = store::journal_head(txn);
    const std::uint64_t tail = store::journal_tail(txn);
    if (after > head || after + 1 < tail) {
        return fail(Errc::OutOfRange,
                    fmt::format("journal after {}: it holds {} to {}", after, tail, head));
    }
    const store::Names names = store::read_names(txn);
    std::vector<JournalItem> items;
    for (std::uint64_t number = after + 1; number <= head && items.size() < limit; ++number) {
        const auto commit = store::read_journal(txn, number);
        if (!commit) {
            throw store::StoreError(fmt::format("store: journal: record {} is malformed", number));
        }
        std::vector<JournalItem> of_commit;
        if (commit->bulk) {
            of_commit.push_back(bulk_item(*commit->bulk, names));
        }
        for (const store::JournalChange& change : commit->changes) {
            of_commit.push_back(change_item(change, names));
        }
        for (JournalItem& item : of_commit) {
            item.number = number;
            item.time = commit->time;
            item.actor = commit->actor;
            items.push_back(std::move(item));
        }
    }
    return items;
}

DoctorReport Manager::examine() {
    return fairlist::examine(store::ReadTxn(impl_->environment));
}

StoreStatus Manager::status() {
    StoreStatus status;
    const store::ReadTxn txn(impl_->environment);
    const store::EnvironmentStatus file = impl_->environment.status();
    status.journal_head = store::journal_head(txn);
    status.journal_tail = store::journal_tail(txn);
    for (const auto& [id, name] : store::read_names(txn).lists) {
        const store::EntryCounts counts = store::read_counts(txn, id);
        status.entries += counts.entries + counts.exemptions;
    }
    status.verdicts = txn.count(Table::Verdicts);
    status.file_bytes = file.used_bytes;
    status.map_bytes = file.map_bytes;
    status.readers = file.readers;
    status.format_version = store::format_version(txn);
    return status;
}

std::vector<ListStatus> Manager::lists() {
    std::vector<ListStatus> all;
    const store::ReadTxn txn(impl_->environment);
    for (const ListSpec& spec : impl_->options.lists) {
        ListStatus status{spec, 0, 0};
        if (const auto registered = store::find_list(txn, spec.name)) {
            const store::EntryCounts counts = store::read_counts(txn, registered->id);
            status.entries = counts.entries;
            status.exemptions = counts.exemptions;
        }
        all.push_back(std::move(status));
    }
    return all;
}

SweepStep Manager::sweep_expired(std::string_view after, std::size_t limit) {
    return fairlist::sweep_expired(
        impl_->environment, {std::string(after), limit, impl_->options.clock()},
        {impl_->options.journal_keep_bytes, impl_->options.journal_keep_seconds});
}

}  // namespace fairlist
