#include "server/answer/reversed_name.h"

#include <span>

namespace fairlist::answer {

namespace {

constexpr std::size_t kOctetsMax = 4;
constexpr std::size_t kNibblesMax = 32;

std::optional<std::uint32_t> read_octet(std::span<const std::uint8_t> label) noexcept {
    if (label.empty() || label.size() > 3 || (label.size() > 1 && label[0] == '0')) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    for (const std::uint8_t c : label) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + (c - std::uint32_t{'0'});
    }
    return value <= 255 ? std::optional(value) : std::nullopt;
}

std::optional<std::uint32_t> read_nibble(std::span<const std::uint8_t> label) noexcept {
    if (label.size() != 1) {
        return std::nullopt;
    }
    const std::uint8_t c = label[0];  // names are in lower case here
    if (c >= '0' && c <= '9') {
        return c - std::uint32_t{'0'};
    }
    return c >= 'a' && c <= 'f' ? std::optional(c - std::uint32_t{'a'} + 10) : std::nullopt;
}

// The most significant label stands next to the zone.
std::optional<Prefix> read_octets(const dns::QueryName& name, std::size_t count) noexcept {
    std::uint32_t v4 = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto octet = read_octet(name.label(count - 1 - i));
        if (!octet) {
            return std::nullopt;
        }
        v4 |= *octet << (24 - 8 * i);
    }
    return Prefix::of(Address::from_v4(v4), Prefix::kV4Offset + 8 * static_cast<unsigned>(count));
}

std::optional<Prefix> read_nibbles(const dns::QueryName& name, std::size_t count) noexcept {
    Address address;
    for (std::size_t i = 0; i < count; ++i) {
        const auto nibble = read_nibble(name.label(count - 1 - i));
        if (!nibble) {
            return std::nullopt;
        }
        std::uint64_t& half = i < 16 ? address.high : address.low;
        half |= std::uint64_t{*nibble} << (60 - 4 * (i % 16));
    }
    return Prefix::of(address, 4 * static_cast<unsigned>(count));
}

}  // namespace

ReversedName read_reversed(const dns::QueryName& name, std::size_t count) noexcept {
    ReversedName reversed;
    if (count == 0 || count > kNibblesMax) {
        return reversed;
    }
    if (count <= kOctetsMax) {
        reversed.partial_octets = read_octets(name, count);
    }
    reversed.partial_nibbles = read_nibbles(name, count);
    if (count == kOctetsMax && reversed.partial_octets) {
        reversed.address = reversed.partial_octets->base;
        reversed.partial_octets.reset();
    }
    if (count == kNibblesMax && reversed.partial_nibbles) {
        reversed.address = reversed.partial_nibbles->base;
        reversed.partial_nibbles.reset();
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
        const auto octet = read_octet(message.subspan(at + 1, message[at]));
        if (!octet) {
            return std::nullopt;
        }
        v4 |= *octet << (8 * i);
        at += 1U + message[at];
    }
    return v4;
}

}  // namespace fairlist::answer
