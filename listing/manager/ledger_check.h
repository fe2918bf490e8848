// Ledger check: whether listings, events, evidence, hits and index agree.
#pragma once

#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <string>

namespace fairlist {

struct LedgerTally {
    std::uint64_t listings = 0;  // ever made
    std::uint64_t open = 0;
    std::uint64_t hits = 0;
};

// Calls `note` with each fault in words.
[[nodiscard]] LedgerTally check_ledger(const store::Txn& txn,
                                       const std::function<void(std::string)>& note);

}  // namespace fairlist
