// Provider options: what the configuration gives to the books of providers and policies.
#pragma once

#include "listing/manager/policy_book.h"
#include "listing/manager/provider_book.h"
#include "server/config/config.h"

namespace fairlist {

// The clock is the system's. Requires, of both: a configuration without faults.
[[nodiscard]] ProviderBookOptions provider_book_options(const config::Config& config);
[[nodiscard]] PolicyBookOptions policy_book_options(const config::Config& config);

}  // namespace fairlist
