#include "listing/manager/expiry.h"

namespace fairlist {

void expire_if_due(LedgerTxn& ledger, store::ListingRecord& record) {
    const Listing& listing = record.listing;
    const bool is_due =
        !has_ended(listing.state) && listing.until.is_set() && listing.until <= ledger.now();
    if (!is_due) {
        return;
    }
    const bool lapses = listing.state == ListingState::Noticed;
    ledger.change(record, {lapses ? ListingAction::Lapsed : ListingAction::Expired,
                           ListingState::Expired, listing.until});
    if (lapses) {
        ledger.forget_latest(record);
    }
}

std::vector<std::uint64_t> due_listings(const store::Txn& txn, Time now, std::size_t limit) {
    std::vector<std::uint64_t> due;
    store::Cursor cursor(txn, store::Table::ListingEnds);
    for (bool found = cursor.first(); found && due.size() < limit; found = cursor.next()) {
        const auto end = store::key_end(cursor.key());
        if (!end || end->until > now) {
            break;
        }
        due.push_back(end->listing);
    }
    return due;
}

}  // namespace fairlist
