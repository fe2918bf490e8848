// Networks: the table of networks that the configuration names, for figures.
#pragma once

#include "importer/networks/network.h"
#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "server/config/config.h"

#include <memory>

namespace fairlist {

// Null: the configuration names none. Errors: as importer::open_networks().
[[nodiscard]] Result<std::shared_ptr<const importer::NetworkTable>> open_networks(
    const config::Config& config);

// ledger_options(), with the networks.
[[nodiscard]] Result<LedgerOptions> ledger_options_with_networks(const config::Config& config);

}  // namespace fairlist
