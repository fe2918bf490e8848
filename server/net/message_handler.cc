#include "server/net/message_handler.h"

#include "listing/base/clock_shift.h"

#include <ctime>

namespace fairlist::net {

namespace {

timespec read_clock(clockid_t clock) noexcept {
    timespec value{};
    static_cast<void>(clock_gettime(clock, &value));
    return value;
}

}  // namespace

Moment current_moment() noexcept {
    const timespec wall = read_clock(CLOCK_REALTIME_COARSE);
    const timespec monotonic = read_clock(CLOCK_MONOTONIC_COARSE);
    return {.wall = Time{static_cast<std::uint32_t>(wall.tv_sec + clock_shift())},
            .monotonic_ms = static_cast<std::uint64_t>(monotonic.tv_sec) * 1000 +
                            static_cast<std::uint64_t>(monotonic.tv_nsec) / 1'000'000};
}

}  // namespace fairlist::net
