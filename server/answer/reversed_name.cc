#include "server/answer/reversed_name.h"

#include <array>
#include <span>

namespace fairlist::answer {

namespace {

constexpr std::size_t kOctetsMax = 4;
constexpr std::size_t kNibblesMax = 32;

constexpr std::uint32_t kNoOctet = 256;

// Decimal, without leading zeros; else kNoOctet or more.
std::uint32_t read_octet(std::span<const std::uint8_t> label) noexcept {
    const auto digit = [&](std::size_t at) {
        return label[at] - std::uint32_t{'0'};
    };
    switch (label.size()) {
        case 1:
            return digit(0) < 10 ? digit(0) : kNoOctet;
        case 2:
            return digit(0) - 1 < 9 && digit(1) < 10 ? digit(0) * 10 + digit(1) : kNoOctet;
        case 3:
            return digit(0) - 1 < 9 && digit(1) < 10 && digit(2) < 10
                       ? digit(0) * 100 + digit(1) * 10 + digit(2)
                       : kNoOctet;
        default:
            return kNoOctet;
    }
}

constexpr std::uint8_t kNoNibble = 0x10;

// By the character; names are in lower case here.
constexpr std::array<std::uint8_t, 256> kNibbles = [] {
    std::array<std::uint8_t, 256> nibbles{};
    nibbles.fill(kNoNibble);
    for (std::uint8_t i = 0; i < 10; ++i) {
        nibbles[static_cast<std::size_t>('0') + i] = i;
    }
    for (std::uint8_t i = 10; i < 16; ++i) {
        nibbles[static_cast<std::size_t>('a') + i - 10] = i;
    }
    return nibbles;
}();

// The most significant label stands next to the zone.
std::optional<std::uint32_t> read_octets(const dns::QueryName& name, std::size_t count) noexcept {
    std::uint32_t v4 = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t octet = read_octet(name.label(count - 1 - i));
        if (octet >= kNoOctet) {
            return std::nullopt;
        }
        v4 |= octet << (24 - 8 * i);
    }
    return v4;
}

// Nibbles have labels of one character: then each takes two bytes, and none of them can take less.
bool are_single(const dns::QueryName& name, std::size_t count) noexcept {
    return name.suffix(count).data() - name.bytes.data() == static_cast<std::ptrdiff_t>(2 * count);
}

// The nibbles of the labels before `end`, back to `begin`: the first of them at the top. `all`
// takes every bit met. Requires: are_single(name, end) and at most 16 labels.
std::uint64_t read_half(const dns::QueryName& name, std::size_t begin, std::size_t end,
                        unsigned& all) noexcept {
    std::uint64_t half = 0;
    for (std::size_t label = begin; label < end; ++label) {
        const std::uint8_t nibble = kNibbles[name.bytes[2 * label + 1]];
        all |= nibble;
        half = half >> 4U | std::uint64_t{nibble} << 60U;
    }
    return half;
}

// Requires: are_single(name, count).
std::optional<Address> read_nibbles(const dns::QueryName& name, std::size_t count) noexcept {
    constexpr std::size_t kHalf = kNibblesMax / 2;
    const std::size_t low_count = count > kHalf ? count - kHalf : 0;
    unsigned all = 0;
    const std::uint64_t high = read_half(name, low_count, count, all);
    const Address address{high, read_half(name, 0, low_count, all)};
    return all < kNoNibble ? std::optional(address) : std::nullopt;
}

}  // namespace

ReversedName read_reversed(const dns::QueryName& name, std::size_t count) noexcept {
    ReversedName reversed;
    if (count == 0 || count > kNibblesMax) {
        return reversed;
    }
    if (count <= kOctetsMax) {
        if (const auto v4 = read_octets(name, count)) {
            const Address address = Address::from_v4(*v4);
            if (count == kOctetsMax) {
                reversed.address = address;
            } else {
                reversed.partial_octets =
                    Prefix::of(address, Prefix::kV4Offset + 8 * static_cast<unsigned>(count));
            }
        }
    }
    if (!are_single(name, count)) {
        return reversed;
    }
    if (const auto address = read_nibbles(name, count)) {
        if (count == kNibblesMax) {
            reversed.address = address;
        } else {
            reversed.partial_nibbles = Prefix::of(*address, 4 * static_cast<unsigned>(count));
        }
    }
    return reversed;
}

std::optional<std::uint32_t> guess_v4(std::span<const std::uint8_t> message) noexcept {
    std::size_t at = dns::kHeaderBytes;
    std::uint32_t v4 = 0;
    for (unsigned i = 0; i < kOctetsMax; ++i) {
        if (at >= message.size() || message[at] > 3 || message.size() - at <= message[at]) {
            return std::nullopt;
        }
        const std::uint32_t octet = read_octet(message.subspan(at + 1, message[at]));
        if (octet >= kNoOctet) {
            return std::nullopt;
        }
        v4 |= octet << (8 * i);
        at += 1U + message[at];
    }
    return v4;
}

}  // namespace fairlist::answer
