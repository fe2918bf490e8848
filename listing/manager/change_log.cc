#include "listing/manager/change_log.h"

#include "listing/store/registry.h"

#include <optional>

namespace fairlist {

using store::JournalSide;

namespace {

std::optional<ChangeLog::Counted> counted(const JournalSide* side) {
    if (side == nullptr) {
        return std::nullopt;
    }
    return ChangeLog::Counted{side->verdict.list, side->verdict.source, side->verdict.exempt};
}

std::optional<JournalSide> copied(const JournalSide* side) {
    return side == nullptr ? std::nullopt : std::optional(*side);
}

}  // namespace

void ChangeLog::record(const Subject& subject, const JournalSide* before,
                       const JournalSide* after) {
    const auto was = counted(before);
    const auto is = counted(after);
    record_with(was ? &*was : nullptr, is ? &*is : nullptr,
                [&] { return store::JournalChange{subject, copied(before), copied(after)}; });
}

ChangeLog::Count& ChangeLog::count_of(const Counted& side) {
    const std::pair key(side.list, side.source);
    if (last_count_ == nullptr || last_count_->first != key) {
        last_count_ = &*counts_.try_emplace(key).first;
    }
    return last_count_->second;
}

void ChangeLog::count(const Counted* before, const Counted* after) {
    const auto add = [this](const Counted& side, std::int64_t change) {
        Count& count = count_of(side);
        (side.exempt ? count.exemptions : count.entries) += change;
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
