// HolderNotice: that the provider of a listed address is to be told.
#pragma once

#include "listing/manager/ground.h"
#include "listing/manager/ledger_txn.h"
#include "listing/model/listing.h"

#include <cstdint>
#include <optional>

namespace fairlist {

// In the transaction that opened the listing or gave the notice: a report for who holds the
// address; nothing for names, and where nobody does. It waits so long for others to the same
// provider, a notice goes at once. `wait` not set: nobody is told anything.
void tell_holder(LedgerTxn& ledger, const Ground& ground, const Listing& listing,
                 std::optional<std::uint32_t> wait_seconds);

}  // namespace fairlist
