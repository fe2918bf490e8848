// RangeBelow: whether any address of a prefix is listed: what makes a partial reversed name exist.
#pragma once

#include "listing/index/match.h"
#include "listing/index/range_cursor.h"
#include "listing/index/range_index.h"

namespace fairlist::index {

// Answers exactly: with exemptions, expiry and the match rule of each list. Stops at the first
// address found. Owns two cursors over one snapshot.
class RangeBelow {
  public:
    explicit RangeBelow(const store::Txn& txn);
    void renew(const store::Snapshot& snapshot);

    // `index` is attached to the same transaction. An IPv6 prefix shorter than /96 that holds
    // ::ffff:0:0/96 includes the IPv4 entries: their names lie below its name. Also true when
    // kBelowStepsMax entries did not tell.
    [[nodiscard]] bool any_listed(const Prefix& prefix, const ListSelection& lists, Time now,
                                  RangeIndex& index);

  private:
    // Counts a step; false when the question has used up all of its own.
    [[nodiscard]] bool may_step() noexcept { return steps_ != 0 && --steps_ != 0; }
    // Whether exemptions of this list leave a part of `prefix` uncovered.
    [[nodiscard]] bool has_gap(const Prefix& prefix, ListId list, Time now);
    [[nodiscard]] bool is_silenced(const Prefix& prefix, ListId list, MatchRule rule, Time now,
                                   RangeIndex& index) const;

    RangeCursor entries_;
    RangeCursor exemptions_;
    unsigned steps_ = 0;  // that this question may still make
};

}  // namespace fairlist::index
