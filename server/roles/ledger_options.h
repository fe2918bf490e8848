// Ledger options: what the configuration gives to the ledger, for every program that opens one.
#pragma once

#include "listing/manager/ledger.h"
#include "server/config/config.h"

namespace fairlist {

// The clock is the system's, and no networks are known: callers set what else they have.
// Requires: a configuration without faults.
[[nodiscard]] LedgerOptions ledger_options(const config::Config& config);

}  // namespace fairlist
