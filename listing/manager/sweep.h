// Sweep: deletes entries that have ended, step by step through the store.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/manager.h"
#include "listing/store/environment.h"
#include "listing/store/journal.h"

#include <cstddef>
#include <string>

namespace fairlist {

struct SweepRequest {
    std::string after;  // SweepStep::next of the step before
    // A step ends when a page more could find more than these. One page is read at least, and of a
    // subject all ended entries go together, so that it may be somewhat passed.
    std::size_t limit = 10000;
    Time now;
};

// Reads without a write transaction, so that nobody waits for what has not ended. Each deletion is
// in the journal.
[[nodiscard]] SweepStep sweep_expired(store::Environment& environment, const SweepRequest& request,
                                      const store::JournalLimits& limits);

}  // namespace fairlist
