// Ledger follow: the ledger learns what was done to its entries past it.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/change_log.h"
#include "listing/store/environment.h"

namespace fairlist {

// Ends the listings whose entries the changes of `log` took out of the index, such as those of
// "fairlist remove", in the same transaction.
void follow_in_ledger(store::WriteTxn& txn, const Actor& actor, Time now, const ChangeLog& log);

}  // namespace fairlist
