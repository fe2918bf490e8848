// Expiry: listings that end by themselves.
#pragma once

#include "listing/manager/ledger.h"
#include "listing/manager/ledger_txn.h"
#include "listing/store/environment.h"

#include <cstddef>
#include <vector>

namespace fairlist {

// Ends the listing when its end has passed: an open or suspended one expires, a notice lapses. A
// lapsed notice never listed, so the subject's latest listing is then the one before it.
void expire_if_due(LedgerTxn& ledger, store::ListingRecord& record);

// Those that have ended by now, the earliest first, at most `limit`.
[[nodiscard]] std::vector<std::uint64_t> due_listings(const store::Txn& txn, Time now,
                                                      std::size_t limit);

}  // namespace fairlist
