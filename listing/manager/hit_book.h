// Hit book: hits in the store, by number, by key and by the identities that they accuse.
#pragma once

#include "listing/base/time.h"
#include "listing/model/hit.h"
#include "listing/store/environment.h"
#include "listing/store/ledger_records.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace fairlist {

struct AddedHit {
    std::uint64_t number = 0;
    bool duplicate = false;  // its key was known: `number` is the known one's
};
AddedHit add_hit(store::WriteTxn& txn, const Hit& hit);

[[nodiscard]] std::optional<Hit> read_hit(const store::Txn& txn, std::uint64_t number);

// What of a hit may be listed: its address, its signer and its links.
[[nodiscard]] std::vector<Subject> identities_of(const Hit& hit);

// Which hits a walk is for.
struct HitWalk {
    Subject identity;
    Time after;  // later than this
    Time now;    // but not than this
    // Hits of this trap are passed over unread, so that who floods one trap costs no more than a
    // step for each; 0, no trap, is never asked.
    std::function<bool(std::uint32_t trap)> passes_over;
};

// A walk looks at no more hits, read and passed over.
inline constexpr std::size_t kWalkHitsMax = 20000;

// Newest first, to `each`, until it says false.
void walk_hits(const store::Txn& txn, const HitWalk& walk,
               const std::function<bool(const store::IdentityHit&)>& each);

// Deletes hits older than `before` from the oldest on, `limit` at the most; those that a listing
// rests on which has not ended stay. Returns how many went.
std::uint64_t trim_hits(store::WriteTxn& txn, Time before, std::size_t limit);

}  // namespace fairlist
