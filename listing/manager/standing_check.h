// Standing check: whether the standings in a store are whole, for the doctor.
#pragma once

#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <string>

namespace fairlist {

// A sentence for each fault to `note`.
void check_standings(const store::Txn& txn, const std::function<void(std::string)>& note);

}  // namespace fairlist
