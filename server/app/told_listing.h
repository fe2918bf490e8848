// Told listing: what a provider is told of a listing, taken from the ledger in one place.
#pragma once

#include "listing/manager/ledger.h"
#include "listing/model/list.h"
#include "listing/model/provider_report.h"
#include "server/outbox/report_letter.h"

#include <span>

namespace fairlist::app {

// Only what everybody may see: of hits their summary (server/shown), times to the hour, the reason
// as TXT answers it, and how the provider's own policy calls the customer.
[[nodiscard]] outbox::ToldListing tell_listing(Ledger& ledger, std::span<const ListSpec> lists,
                                               const ProviderReport& report);

}  // namespace fairlist::app
