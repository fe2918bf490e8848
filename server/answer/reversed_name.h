// ReversedName: an address as the labels of a question write it. RFC 5782 sections 2.1 and 2.4.
#pragma once

#include "listing/model/prefix.h"
#include "server/dns/query.h"

#include <cstdint>
#include <optional>
#include <span>

namespace fairlist::answer {

// What the labels left of the zone can mean. Octets (IPv4) and nibbles (IPv6) look alike when all
// labels are single digits: then both partial meanings are given.
struct ReversedName {
    std::optional<Address> address;         // a whole one: 4 octets or 32 nibbles
    std::optional<Prefix> partial_octets;   // 1 to 3 octets
    std::optional<Prefix> partial_nibbles;  // 1 to 31 nibbles
    [[nodiscard]] bool is_empty() const noexcept {
        return !address && !partial_octets && !partial_nibbles;
    }
};

// Reads the first `count` labels. Octets are decimal without leading zeros, nibbles one hex digit
// in either case. Neither: is_empty().
[[nodiscard]] ReversedName read_reversed(const dns::QueryName& name, std::size_t count) noexcept;

// A guess at the IPv4 address that a query message will turn out to ask for, from its bytes alone:
// good for a hint, and for nothing else. Whatever they are, nothing outside them is read.
[[nodiscard]] std::optional<std::uint32_t> guess_v4(std::span<const std::uint8_t> message) noexcept;

}  // namespace fairlist::answer
