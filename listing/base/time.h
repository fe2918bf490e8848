// Time: whole seconds since 1970 in UTC, as stored and as printed.
#pragma once

#include "listing/base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist {

// Covers 1970 to 2106. Zero means "not set": no end, never seen.
struct Time {
    std::uint32_t seconds = 0;

    [[nodiscard]] constexpr bool is_set() const noexcept { return seconds != 0; }
    friend constexpr auto operator<=>(Time, Time) noexcept = default;
};

// The clock is passed as a value where time matters, so that tests can choose it; the whole
// program's is set off by clock_shift().
[[nodiscard]] Time now() noexcept;

// "2026-11-21T08:30:00Z" (ISO 8601, UTC); "-" when not set.
[[nodiscard]] std::string to_string(Time time);

// Accepts a date ("2026-11-21", midnight), a full time with Z, or Unix seconds.
[[nodiscard]] Result<Time> parse_time(std::string_view text);

// A duration such as "90", "90s", "15m", "6h", "3d", "2w", or a sum of them ("1h30m"): seconds.
// Limit: 2^31 - 1 (RFC 2181 section 8 for TTLs).
[[nodiscard]] Result<std::uint32_t> parse_duration(std::string_view text);

// The shortest exact form: 5400 gives "1h30m".
[[nodiscard]] std::string format_duration(std::uint32_t seconds);

}  // namespace fairlist
