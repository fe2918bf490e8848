#include "listing/manager/removal_book.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist {

using store::RemovalRecord;
using store::Table;

namespace {

// More grants than this change nothing: the last wait stays.
constexpr std::size_t kGrantsLookedAt = 1000;

}  // namespace

std::optional<RemovalRecord> RemovalBook::find(std::uint64_t id) {
    auto record = read_removal(ledger_.txn(), id);
    if (record) {
        record->removal.list = ledger_.list_name(record->list);
    }
    return record;
}

void RemovalBook::add(RemovalRecord& record, std::string why) {
    FAIRLIST_CHECK(!ledger_.txn().get(Table::Removals, store::number_key(record.removal.id)));
    Removal& removal = record.removal;
    removal.made = ledger_.now();
    removal.changed = ledger_.now();
    removal.events = {{ledger_.now(), removal.state, ledger_.actor().name, why}};
    note(record, why);
    put(record);
}

void RemovalBook::move(RemovalRecord& record, RemovalState to, std::string why) {
    Removal& removal = record.removal;
    FAIRLIST_CHECK(may_become(removal.state, to));
    removal.state = to;
    removal.changed = ledger_.now();
    if (removal.events.size() >= kRemovalEventsMax) {
        removal.events.erase(removal.events.begin() + 1);  // the beginning stays
    }
    removal.events.push_back({ledger_.now(), to, ledger_.actor().name, why});
    if (to != RemovalState::Proving && to != RemovalState::Checking) {
        record.look = {};
    }
    if (to != RemovalState::Proving) {
        record.mailing = false;
    }
    note(record, why);
    save(record);
}

void RemovalBook::save(RemovalRecord& record) {
    if (const auto before = read_removal(ledger_.txn(), record.removal.id)) {
        for (const std::string& key : store::removal_time_keys(*before)) {
            ledger_.txn().erase(Table::RemovalTimes, key);
        }
    }
    put(record);
}

void RemovalBook::put(const RemovalRecord& record) {
    const Removal& removal = record.removal;
    store::WriteTxn& txn = ledger_.txn();
    txn.put(Table::Removals, store::number_key(removal.id), store::encode_removal(record));
    txn.put(Table::RemovalSubjects,
            store::removal_subject_key(record.list, removal.subject, removal.id),
            store::encode(store::RemovalMark{removal.state, removal.made, granted_at(removal)}));
    for (const std::string& key : store::removal_time_keys(record)) {
        txn.put(Table::RemovalTimes, key, "");
    }
}

void RemovalBook::note(const RemovalRecord& record, const std::string& why) {
    const Removal& removal = record.removal;
    AuditNote note{fmt::format("removal.{}", to_string(removal.state)),
                   {{"removal", fmt::format("{}", removal.id)},
                    {"list", ledger_.list_name(record.list)},
                    {"subject", to_string(removal.subject)},
                    {"proof", std::string(to_string(removal.proof))}}};
    if (removal.listing != 0) {
        note.details.emplace_back("listing", fmt::format("{}", removal.listing));
    }
    if (!why.empty()) {
        note.details.emplace_back("outcome", why);
    }
    ledger_.note(std::move(note));
}

std::optional<RemovalRecord> read_removal(const store::Txn& txn, std::uint64_t id) {
    const auto bytes = txn.get(Table::Removals, store::number_key(id));
    return bytes ? store::decode_removal(id, *bytes) : std::nullopt;
}

Time granted_at(const Removal& removal) noexcept {
    Time granted;
    for (const RemovalEvent& event : removal.events) {
        granted = event.state == RemovalState::Granted ? event.time : granted;
    }
    return granted;
}

std::vector<KnownRemoval> removals_of(const store::Txn& txn, ListId list, const Subject& subject,
                                      std::size_t limit) {
    std::vector<KnownRemoval> found;
    const std::string prefix = store::removal_subject_key(list, subject);
    store::Cursor cursor(txn, Table::RemovalSubjects);
    bool on =
        cursor.seek_at_least(prefix + std::string(8, '\xff')) ? cursor.previous() : cursor.last();
    for (; on && cursor.key().starts_with(prefix) && found.size() < limit; on = cursor.previous()) {
        const auto id = store::key_removal(cursor.key());
        const auto mark = store::decode_removal_mark(cursor.value());
        if (id && mark) {
            found.push_back({*id, *mark});
        }
    }
    return found;
}

EarlierGrants grants_since(const store::Txn& txn, ListId list, const Subject& subject, Time from) {
    EarlierGrants grants;
    for (const KnownRemoval& known : removals_of(txn, list, subject, kGrantsLookedAt)) {
        if (known.mark.granted.is_set() && known.mark.granted >= from) {
            ++grants.count;
            grants.last = std::max(grants.last, known.mark.granted);
        }
    }
    return grants;
}

std::vector<std::uint64_t> due_removals(const store::Txn& txn, store::RemovalQueue queue,
                                        Time until, std::size_t limit) {
    std::vector<std::uint64_t> due;
    store::Cursor cursor(txn, Table::RemovalTimes);
    for (bool on = cursor.seek_at_least(store::removal_time_key(queue, {}, 0));
         on && due.size() < limit; on = cursor.next()) {
        const auto key = store::key_removal_time(cursor.key());
        if (!key || key->queue != queue || key->time > until) {
            break;
        }
        due.push_back(key->id);
    }
    return due;
}

}  // namespace fairlist
