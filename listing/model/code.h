// ReturnCode: the IPv4 address that an entry answers with.
#pragma once

#include "listing/base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist {

// Host byte order: 127.0.0.2 is 0x7F000002. Zero means "the list's default code".
struct ReturnCode {
    std::uint32_t value = 0;

    [[nodiscard]] constexpr bool is_set() const noexcept { return value != 0; }
    friend constexpr auto operator<=>(ReturnCode, ReturnCode) noexcept = default;
};

// Whether a list may answer this: in 127/8 (RFC 5782 section 2.1), not 127.0.0.1 (the address that
// must never be listed) and not in 127.255.255.0/24 (service codes, which clients read as errors).
[[nodiscard]] constexpr bool is_listing_code(ReturnCode code) noexcept {
    return code.value >> 24U == 127 && code.value != 0x7F000001 && code.value >> 8U != 0x7FFFFF &&
           code.value != 0x7F000000;
}

// "127.0.0.2", or a number of one octet: "2" is 127.0.0.2. Unless `allow_foreign`, refuses what
// is_listing_code() refuses.
[[nodiscard]] Result<ReturnCode> parse_code(std::string_view text, bool allow_foreign = false);

[[nodiscard]] std::string to_string(ReturnCode code);

}  // namespace fairlist
