// Removal check: whether requests for removal, their index and their queues agree.
#pragma once

#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <string>

namespace fairlist {

// Calls `note` with each fault in words. Returns how many requests there are.
std::uint64_t check_removals(const store::Txn& txn, const std::function<void(std::string)>& note);

}  // namespace fairlist
