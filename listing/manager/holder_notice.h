// HolderNotice: that the provider of a listed address is to be told.
#pragma once

#include "listing/manager/ground.h"
#include "listing/manager/ledger_txn.h"
#include "listing/model/listing.h"

#include <string>

namespace fairlist {

// So long a report waits for others to the same provider; a notice goes at once.
inline constexpr std::uint32_t kReportWaitSeconds = 900;

// In the transaction that opened the listing or gave the notice: a report for who holds the
// address; nothing for names, and where nobody does.
void tell_holder(LedgerTxn& ledger, const Ground& ground, const Listing& listing,
                 const std::string& list);

}  // namespace fairlist
