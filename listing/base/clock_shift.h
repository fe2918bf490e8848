// ClockShift: how far this process's clock is set off, so that weeks can be tried out in seconds.
#pragma once

#include <cstdint>

namespace fairlist {

// Seconds that now() adds to the system's clock: the signed 64-bit number, in the machine's byte
// order, at the start of the file that $FAIRLIST_CLOCK_SHIFT names when it is first asked for.
// Processes that share the file share the clock, and who changes the number moves it for all of
// them. 0 without the variable, or when the file cannot be mapped.
// Thread: any; one load. Never fails.
[[nodiscard]] std::int64_t clock_shift() noexcept;

}  // namespace fairlist
