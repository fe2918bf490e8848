// Policy store check: whether versions of policies, their parts and what stands in the lists agree.
#pragma once

#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <string>

namespace fairlist {

struct PolicyTally {
    std::uint64_t versions = 0;
    std::uint64_t granted = 0;  // exemptions
};

// Calls `note` with each fault in words.
[[nodiscard]] PolicyTally check_policies(const store::Txn& txn,
                                         const std::function<void(std::string)>& note);

}  // namespace fairlist
