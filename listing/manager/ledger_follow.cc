#include "listing/manager/ledger_follow.h"

#include "listing/manager/ledger_txn.h"
#include "listing/store/registry.h"

#include <optional>

namespace fairlist {

void follow_in_ledger(store::WriteTxn& txn, const Actor& actor, Time now, const ChangeLog& log) {
    const auto source = store::find_source(txn, kListingSource);
    if (!source) {
        return;
    }
    LedgerTxn ledger(txn, actor, now);
    for (const store::JournalChange& change : log.changes()) {
        const bool is_ours = change.before && !change.after &&
                             change.before->verdict.source == *source &&
                             !change.before->verdict.exempt;
        if (!is_ours) {
            continue;
        }
        auto record = ledger.latest(change.before->verdict.list, change.subject);
        if (record && record->listing.state == ListingState::Open) {
            Transition step{ListingAction::Removed, ListingState::Removed, record->listing.until};
            ledger.change_record(*record, step);
        }
    }
    ledger.finish_records();
}

}  // namespace fairlist
