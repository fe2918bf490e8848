// Map faults: what the process says when a page of the store is not in its file.
#pragma once

namespace fairlist::store {

// From now on, reading a page that is missing from data.mdb (a truncated copy, a failing disk) ends
// the process with a message that begins with `program` and with this status, instead of with
// SIGBUS alone. Lifetime: `program` is static storage.
void explain_map_faults(const char* program, int status = 1) noexcept;

}  // namespace fairlist::store
