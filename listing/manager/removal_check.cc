#include "listing/manager/removal_check.h"

#include "listing/manager/removal_book.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist {

using store::RemovalRecord;
using store::Table;

namespace {

using Note = std::function<void(std::string)>;

void check_one(const store::Txn& txn, const RemovalRecord& record, const Note& note) {
    const Removal& removal = record.removal;
    const auto bytes =
        txn.get(Table::RemovalSubjects,
                store::removal_subject_key(record.list, removal.subject, removal.id));
    const auto mark = bytes ? store::decode_removal_mark(*bytes) : std::nullopt;
    if (!mark || mark->state != removal.state || mark->made != removal.made ||
        mark->granted != granted_at(removal)) {
        note(fmt::format("removals: request {} is {}, but {} does not say so", removal.id,
                         to_string(removal.state), to_string(removal.subject)));
    }
    if (removal.events.empty() || removal.events.back().state != removal.state) {
        note(fmt::format("removals: request {} is {}, but its last event does not say so",
                         removal.id, to_string(removal.state)));
    }
    if (removal.listing != 0 && !txn.get(Table::Listings, store::number_key(removal.listing))) {
        note(fmt::format("removals: request {} names listing {}: there is none", removal.id,
                         removal.listing));
    }
    for (const std::string& key : store::removal_time_keys(record)) {
        if (!txn.get(Table::RemovalTimes, key)) {
            note(
                fmt::format("removals: request {} waits for a time that is not noted", removal.id));
        }
    }
}

void check_times(const store::Txn& txn, const Note& note) {
    store::Cursor cursor(txn, Table::RemovalTimes);
    for (bool on = cursor.first(); on; on = cursor.next()) {
        const auto due = store::key_removal_time(cursor.key());
        const auto record = due ? read_removal(txn, due->id) : std::nullopt;
        const auto keys = record ? store::removal_time_keys(*record) : std::vector<std::string>{};
        if (std::ranges::find(keys, cursor.key()) == keys.end()) {
            note(fmt::format("removals: a time is noted for request {}, which has none then",
                             due ? due->id : 0));
        }
    }
}

}  // namespace

std::uint64_t check_removals(const store::Txn& txn, const Note& note) {
    std::uint64_t removals = 0;
    store::Cursor cursor(txn, Table::Removals);
    for (bool on = cursor.first(); on; on = cursor.next()) {
        const std::uint64_t id = store::key_number(cursor.key()).value_or(0);
        ++removals;
        if (const auto record = store::decode_removal(id, cursor.value())) {
            check_one(txn, *record, note);
        } else {
            note(fmt::format("removals: request {} is malformed", id));
        }
    }
    if (const std::uint64_t marks = txn.count(Table::RemovalSubjects); marks != removals) {
        note(fmt::format("removals: {} requests, but {} are noted by subject", removals, marks));
    }
    check_times(txn, note);
    return removals;
}

}  // namespace fairlist
