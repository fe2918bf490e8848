// ChangeLog: what one write transaction changes, for the journal, the counts and the report.
#pragma once

#include "listing/manager/manager.h"
#include "listing/store/journal.h"

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace fairlist {

class ChangeLog {
  public:
    // Requires: at least one side. Past store::kJournalChangesMax only the counts are kept.
    void record(const Subject& subject, const store::JournalSide* before,
                const store::JournalSide* after);
    // What is counted of one side of a change.
    struct Counted {
        ListId list{};
        SourceId source{};
        bool exempt = false;
    };
    // As record(), for a change that is costly to make: `make` returns the JournalChange, and is
    // called when it is kept.
    template <typename Make>
    void record_with(const Counted* before, const Counted* after, const Make& make) {
        count(before, after);
        if (keeps_changes()) {
            changes_.push_back(make());
        }
    }
    void unchanged(std::uint64_t entries) noexcept { unchanged_ += entries; }

    [[nodiscard]] bool is_empty() const noexcept { return added_ + changed_ + removed_ == 0; }
    [[nodiscard]] std::uint64_t added() const noexcept { return added_; }
    [[nodiscard]] std::uint64_t changed() const noexcept { return changed_; }
    [[nodiscard]] std::uint64_t removed() const noexcept { return removed_; }
    [[nodiscard]] std::uint64_t unchanged() const noexcept { return unchanged_; }

    // Those that are kept so far: none once there are too many.
    [[nodiscard]] std::span<const store::JournalChange> changes() const noexcept {
        return changes_;
    }

    // Journal entry and counts, in the same transaction. Nothing when nothing changed.
    void commit(store::WriteTxn& txn, const Actor& actor, Time now,
                const store::JournalLimits& limits);

  private:
    struct Count {
        std::int64_t entries = 0;
        std::int64_t exemptions = 0;
    };

    [[nodiscard]] Count& count_of(const Counted& side);
    void count(const Counted* before, const Counted* after);
    [[nodiscard]] bool keeps_changes() const noexcept {
        return added_ + changed_ + removed_ <= store::kJournalChangesMax;
    }

    std::vector<store::JournalChange> changes_;
    std::map<std::pair<ListId, SourceId>, Count> counts_;
    // The one used last: an import has one.
    std::map<std::pair<ListId, SourceId>, Count>::value_type* last_count_ = nullptr;
    std::uint64_t added_ = 0;
    std::uint64_t changed_ = 0;
    std::uint64_t removed_ = 0;
    std::uint64_t unchanged_ = 0;
};

}  // namespace fairlist
