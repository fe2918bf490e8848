// Address: one IPv4 or IPv6 address in a single 128-bit space.
#pragma once

#include "listing/base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist {

// 128 bits, most significant half first. IPv4 a.b.c.d is ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2),
// so that one index and one code path serve both families.
struct Address {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    [[nodiscard]] static constexpr Address from_v4(std::uint32_t v4) noexcept {
        return {0, kV4Low | v4};
    }
    // 16 bytes in network order.
    [[nodiscard]] static Address from_bytes(const std::array<std::uint8_t, 16>& bytes) noexcept;
    [[nodiscard]] std::array<std::uint8_t, 16> to_bytes() const noexcept;

    [[nodiscard]] constexpr bool is_v4() const noexcept {
        return high == 0 && (low & ~std::uint64_t{UINT32_MAX}) == kV4Low;
    }
    // Requires: is_v4().
    [[nodiscard]] constexpr std::uint32_t v4() const noexcept {
        return static_cast<std::uint32_t>(low);
    }

    // The one after; wraps at the end of the space.
    [[nodiscard]] constexpr Address next() const noexcept {
        return {high + (low == UINT64_MAX ? 1U : 0U), low + 1};
    }

    friend constexpr auto operator<=>(const Address&, const Address&) noexcept = default;

    static constexpr std::uint64_t kV4Low = 0xFFFF'0000'0000;
};

// "192.0.2.1" or "2001:db8::1" (RFC 5952). IPv4 parts are decimal without leading zeros; no zone
// identifiers, no brackets. "::ffff:192.0.2.1" is the same address as "192.0.2.1".
[[nodiscard]] Result<Address> parse_address(std::string_view text);
[[nodiscard]] std::string to_string(const Address& address);

}  // namespace fairlist
