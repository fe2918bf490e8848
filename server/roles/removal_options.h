// Removal options: what the configuration gives to the desk of removal requests.
#pragma once

#include "listing/manager/removal_desk.h"
#include "server/config/config.h"

namespace fairlist {

// `ledger`: as the caller's ledger has it. A policy list lets go by exemptions, and feeds' lists by
// a person, where `[list.removal]` says nothing. Requires: a configuration without faults.
[[nodiscard]] RemovalDeskOptions removal_desk_options(const config::Config& config,
                                                      LedgerOptions ledger);

}  // namespace fairlist
