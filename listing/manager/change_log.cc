#include "listing/manager/change_log.h"

#include "listing/store/registry.h"

#include <optional>

namespace fairlist {

using store::JournalSide;

void ChangeLog::record(const Subject& subject, const JournalSide* before,
                       const JournalSide* after) {
    record_with([&] { return subject; }, before, after);
}

void ChangeLog::count(const JournalSide* before, const JournalSide* after) {
    const auto add = [this](const JournalSide& side, std::int64_t change) {
        Count& count = counts_[{side.verdict.list, side.verdict.source}];
        (side.verdict.exempt ? count.exemptions : count.entries) += change;
    };
    if (before != nullptr) {
        add(*before, -1);
    }
    if (after != nullptr) {
        add(*after, 1);
    }
    ++(before == nullptr ? added_ : after == nullptr ? removed_ : changed_);
    if (!keeps_changes()) {
        changes_.clear();
    }
}

void ChangeLog::keep(Subject subject, const JournalSide* before, const JournalSide* after) {
    store::JournalChange change{std::move(subject), std::nullopt, std::nullopt};
    if (before != nullptr) {
        change.before = *before;
    }
    if (after != nullptr) {
        change.after = *after;
    }
    changes_.push_back(std::move(change));
}

void ChangeLog::commit(store::WriteTxn& txn, const Actor& actor, Time now,
                       const store::JournalLimits& limits) {
    if (is_empty()) {
        return;
    }
    for (const auto& [key, count] : counts_) {
        store::add_counts(txn, key.first, key.second, count.entries, count.exemptions);
    }
    store::JournalCommit commit;
    commit.time = now;
    commit.actor = actor.name;
    if (keeps_changes()) {
        commit.changes = std::move(changes_);
    } else {
        const auto& [list, source] = counts_.begin()->first;
        commit.bulk = store::JournalBulk{list, source, added_, changed_, removed_};
    }
    store::append_journal(txn, commit, limits);
}

}  // namespace fairlist
