// Journal: the numbered record of every change of the index. IXFR, mirrors and the zone serials
// come from it.
#pragma once

#include "listing/base/time.h"
#include "listing/model/entry.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::store {

// One side of a change: what the entry said.
struct JournalSide {
    Verdict verdict;
    Time since;
    Time until;
};

// Added: no `before`. Removed: no `after`.
struct JournalChange {
    Subject subject;
    std::optional<JournalSide> before;
    std::optional<JournalSide> after;
};

// A bulk change too large to be kept entry by entry: who is behind it needs a full copy.
struct JournalBulk {
    ListId list{};
    SourceId source{};
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;
};

struct JournalCommit {
    std::uint64_t number = 0;
    Time time;
    std::string actor;  // at most kActorBytesMax
    std::vector<JournalChange> changes;
    std::optional<JournalBulk> bulk;
};

inline constexpr std::size_t kActorBytesMax = 200;
// More changes than this in one commit are journalled as JournalBulk.
inline constexpr std::size_t kJournalChangesMax = 100000;

struct JournalLimits {
    std::uint64_t keep_bytes = 512ULL << 20U;
    std::uint32_t keep_seconds = 30 * 86400;
};

// The number of the last commit; 0 in a new store.
[[nodiscard]] std::uint64_t journal_head(const Txn& txn);
// The oldest number still there; head + 1 when none is.
[[nodiscard]] std::uint64_t journal_tail(const Txn& txn);

// Appends the commit under the next number, which it returns, and trims the oldest past the limits.
std::uint64_t append_journal(WriteTxn& txn, const JournalCommit& commit,
                             const JournalLimits& limits);

[[nodiscard]] std::optional<JournalCommit> read_journal(const Txn& txn, std::uint64_t number);

}  // namespace fairlist::store
