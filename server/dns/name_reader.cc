#include "server/dns/name_reader.h"

#include <algorithm>
#include <cstring>

namespace fairlist::dns {
namespace {

constexpr std::uint8_t kLabelBytesMax = 63;  // RFC 1035 section 2.3.4
constexpr std::uint8_t kPointerBits = 0xC0;  // RFC 1035 section 4.1.4
constexpr std::uint8_t kPointerTargetBits = 0x3F;
constexpr std::size_t kRootBytes = 1;

// RFC 4343 section 3: only A to Z have another case. Eight octets at once: no sum passes into the
// next octet, and those above 0x7F stay as they are.
constexpr std::uint64_t to_lower(std::uint64_t word) noexcept {
    constexpr std::uint64_t kEach = 0x0101010101010101U;
    constexpr std::uint64_t kTopBits = kEach * 0x80U;
    const std::uint64_t low = word & ~kTopBits;
    const std::uint64_t from_a = low + kEach * (0x80U - 'A');
    const std::uint64_t above_z = low + kEach * (0x7FU - 'Z');
    const std::uint64_t upper = from_a & ~above_z & ~word & kTopBits;
    return word | upper >> 2U;
}

// Requires: `to` is as long. A length octet is below 'A', so that it passes through unchanged.
void copy_lower(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) noexcept {
    constexpr std::size_t kStep = sizeof(std::uint64_t);
    const auto step_at = [&](std::size_t at) {
        std::uint64_t word = 0;
        std::memcpy(&word, &from[at], kStep);
        word = to_lower(word);
        std::memcpy(&to[at], &word, kStep);
    };
    if (from.size() < kStep) {
        std::ranges::transform(from, to.begin(), [](std::uint8_t octet) {
            return static_cast<std::uint8_t>(to_lower(std::uint64_t{octet}));
        });
        return;
    }
    const std::size_t last = from.size() - kStep;
    for (std::size_t at = 0; at < last; at += kStep) {
        step_at(at);
    }
    step_at(last);  // some octets a second time
}

}  // namespace

bool read_question_name(WireReader& reader, QueryName& name) noexcept {
    const auto rest = reader.rest();
    const auto bytes = rest.first(std::min(rest.size(), kNameBytesMax));
    std::size_t size = 0;
    std::size_t labels = 0;
    while (size < bytes.size() && bytes[size] != 0) {
        if (bytes[size] > kLabelBytesMax) {
            return false;
        }
        name.label_start[labels++] = static_cast<std::uint8_t>(size);
        size += 1U + bytes[size];
    }
    if (size >= bytes.size()) {
        return false;
    }
    copy_lower(bytes.first(size), std::span(name.bytes).first(size));
    name.size = static_cast<std::uint8_t>(size);
    name.label_count = static_cast<std::uint8_t>(labels);
    return !reader.read_bytes(size + kRootBytes).empty();
}

std::optional<RawName> read_raw_name(WireReader& reader) noexcept {
    const std::size_t start = reader.offset();
    std::uint8_t length = reader.read_u8();
    while (length != 0 && length <= kLabelBytesMax) {
        static_cast<void>(reader.read_bytes(length));
        length = reader.read_u8();
        if (reader.offset() - start > kNameBytesMax) {
            return std::nullopt;
        }
    }
    RawName name;
    if (length != 0) {
        const std::uint16_t low = reader.read_u8();
        name.pointer = static_cast<std::uint16_t>((length & kPointerTargetBits) << 8U | low);
        const bool backwards = name.pointer >= kHeaderBytes && name.pointer < start;
        if ((length & kPointerBits) != kPointerBits || !backwards) {
            return std::nullopt;
        }
    }
    if (!reader.ok()) {
        return std::nullopt;
    }
    name.bytes = reader.bytes_since(start);
    return name;
}

}  // namespace fairlist::dns
