// PolicyConflicts: where the hits that came say something else than the policy.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/policy_book.h"
#include "listing/model/policy.h"
#include "listing/store/environment.h"

#include <cstddef>
#include <span>
#include <vector>

namespace fairlist {

// So many different signers, or names in HELO, at one address are not one customer's: a company's
// server signs for a few of its domains and names itself in one or two ways.
inline constexpr std::size_t kSharedSigners = 5;
inline constexpr std::size_t kSharedNames = 5;
// Hits that are looked at, newest first: a few seconds and tens of MB. What is older is not, and
// PolicyConflicts says so.
inline constexpr std::size_t kConflictHitsMax = 1000000;
inline constexpr std::size_t kConflictAddressesMax = 100000;

// Of mail that came at or after `from`. `ranges`: sorted by prefix, none twice. At most `limit`.
[[nodiscard]] PolicyConflicts find_conflicts(const store::Txn& txn,
                                             std::span<const PolicyRange> ranges, Time from,
                                             std::size_t limit);

}  // namespace fairlist
