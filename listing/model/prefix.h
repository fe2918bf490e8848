// Prefix: a block of addresses, base and length, in the 128-bit space of Address.
#pragma once

#include "listing/base/result.h"
#include "listing/model/address.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// The bits of an address that a prefix of this length fixes. Limit: length <= 128.
[[nodiscard]] constexpr Address mask_to(const Address& address, unsigned length) noexcept {
    if (length == 0) {
        return {};
    }
    if (length <= 64) {
        return {address.high & (~std::uint64_t{0} << (64 - length)), 0};
    }
    return {address.high,
            length == 128 ? address.low : address.low & (~std::uint64_t{0} << (128 - length))};
}

// Invariant: the bits of `base` past `length` are zero.
//
// `length` counts in the 128-bit space: 192.0.2.0/24 has 120. A prefix shorter than 96 is IPv6 and
// says nothing of IPv4, although ::/0 holds ::ffff:0:0/96 numerically.
//
// Order: by base, then the wider first, so that a sorted sequence lists every prefix before those
// it holds.
struct Prefix {
    Address base;
    std::uint8_t length = 128;

    static constexpr unsigned kV4Offset = 96;

    [[nodiscard]] static constexpr Prefix of(const Address& address, unsigned length) noexcept {
        return {mask_to(address, length), static_cast<std::uint8_t>(length)};
    }
    [[nodiscard]] static constexpr Prefix single(const Address& address) noexcept {
        return {address, 128};
    }

    [[nodiscard]] constexpr bool is_v4() const noexcept {
        return length >= kV4Offset && base.is_v4();
    }
    [[nodiscard]] constexpr bool contains(const Address& address) const noexcept {
        return mask_to(address, length) == base;
    }
    // Also true of itself.
    [[nodiscard]] constexpr bool contains(const Prefix& other) const noexcept {
        return other.length >= length && contains(other.base);
    }
    [[nodiscard]] constexpr Address last() const noexcept {
        const Address host = mask_to({UINT64_MAX, UINT64_MAX}, length);
        return {base.high | ~host.high, base.low | ~host.low};
    }
    // As written: 24 for 192.0.2.0/24, 64 for an IPv6 /64.
    [[nodiscard]] constexpr unsigned written_length() const noexcept {
        return is_v4() ? length - kV4Offset : length;
    }

    friend constexpr auto operator<=>(const Prefix&, const Prefix&) noexcept = default;
};

// "192.0.2.0/24", "2001:db8::/32"; without a length the single address. Host bits are an error
// unless `allow_host_bits`, which clears them.
[[nodiscard]] Result<Prefix> parse_prefix(std::string_view text, bool allow_host_bits = false);

// With a length, except for single addresses: "192.0.2.1".
[[nodiscard]] std::string to_string(const Prefix& prefix);

// The fewest prefixes that cover exactly first..last, in address order (at most 254).
// Requires: first <= last, both of one family.
[[nodiscard]] std::vector<Prefix> split_range(const Address& first, const Address& last);

}  // namespace fairlist
