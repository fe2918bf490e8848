// Standing options: what the configuration gives to who computes standings.
#pragma once

#include "listing/manager/standing_book.h"
#include "server/config/config.h"

namespace fairlist {

// The clock is the system's. Requires: a configuration without faults.
[[nodiscard]] StandingBookOptions standing_book_options(const config::Config& config);

}  // namespace fairlist
