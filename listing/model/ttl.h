// Ttl: the bound on the DNS TTL that a list or an entry may ask for.
#pragma once

#include <cstdint>

namespace fairlist {

// A week, in seconds: what caches keep longer, no list should rely on.
inline constexpr std::uint32_t kTtlSecondsMax = 7 * 86400;

}  // namespace fairlist
