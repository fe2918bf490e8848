// Holder check: whether providers and the ranges that they hold agree.
#pragma once

#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <string>

namespace fairlist {

struct HolderTally {
    std::uint64_t providers = 0;
    std::uint64_t ranges = 0;
};

// Calls `note` with each fault in words.
[[nodiscard]] HolderTally check_holders(const store::Txn& txn,
                                        const std::function<void(std::string)>& note);

}  // namespace fairlist
