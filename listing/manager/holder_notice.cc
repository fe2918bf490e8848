#include "listing/manager/holder_notice.h"

#include "listing/manager/report_book.h"

#include <string>
#include <variant>

namespace fairlist {

void tell_holder(LedgerTxn& ledger, const Ground& ground, const Listing& listing,
                 std::optional<std::uint32_t> wait_seconds) {
    const auto* prefix = std::get_if<Prefix>(&listing.subject);
    const std::string holder = prefix == nullptr ? std::string() : ground.holder_of(*prefix);
    if (holder.empty() || !wait_seconds) {
        return;
    }
    const bool is_notice = listing.state == ListingState::Noticed;
    const Time now = ledger.now();
    const ReportCause cause = is_notice           ? ReportCause::Noticed
                              : listing.times > 1 ? ReportCause::Relisted
                                                  : ReportCause::Listed;
    queue_report(ledger.txn(), holder, listing.list, listing.id, listing.subject, cause, now,
                 is_notice ? now : Time{now.seconds + *wait_seconds});
}

}  // namespace fairlist
