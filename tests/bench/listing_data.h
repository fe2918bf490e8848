// ListingData: made-up listings of one size, alike in shape to those of large blocklists.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::bench {

struct V4Range {
    std::uint32_t base = 0;
    std::uint8_t length = 0;
    std::uint8_t code = 0;  // last octet of 127.0.0.x

    [[nodiscard]] std::uint32_t last() const noexcept { return base | (UINT32_MAX >> length); }
    friend auto operator<=>(const V4Range&, const V4Range&) noexcept = default;
};

struct V6Network {
    std::uint64_t base = 0;  // the upper half of the address
    std::uint8_t length = 0;

    friend auto operator<=>(const V6Network&, const V6Network&) noexcept = default;
};

// 60 % single IPv4 addresses (many in few busy /24s), 30 % IPv4 ranges /8 to /31 (most of them
// /24), 5 % IPv6 networks /48 and /64 (disjoint), 5 % names (30 % of them with all names below).
// None lies in special-purpose space, which Fairlist does not list. All sorted, nothing twice.
struct ListingData {
    std::vector<std::uint32_t> singles;
    std::vector<V4Range> ranges;
    std::vector<V6Network> networks;
    std::vector<std::string> names;  // a leading dot: the name and all below
};

// The zones of the addresses and of the names.
inline constexpr std::string_view kAddressZone = "bl.bench.test";
inline constexpr std::string_view kNameZone = "dom.bench.test";

inline constexpr std::uint8_t kSingleCode = 4;
inline constexpr std::uint8_t kOwnTextCode = 2;  // ranges whose entries have texts of their own

[[nodiscard]] ListingData make_listings(std::size_t entries, std::uint64_t seed);

}  // namespace fairlist::bench
