#include "server/dns/name_reader.h"

#include <algorithm>

namespace fairlist::dns {
namespace {

constexpr std::uint8_t kLabelBytesMax = 63;  // RFC 1035 section 2.3.4
constexpr std::uint8_t kPointerBits = 0xC0;  // RFC 1035 section 4.1.4
constexpr std::uint8_t kPointerTargetBits = 0x3F;
constexpr std::size_t kRootBytes = 1;

// RFC 4343 section 3: only A to Z have another case.
constexpr std::uint8_t to_lower(std::uint8_t byte) noexcept {
    const bool upper = static_cast<std::uint8_t>(byte - 'A') < 26;
    return static_cast<std::uint8_t>(byte | (upper ? 0x20U : 0U));
}

}  // namespace

bool read_question_name(WireReader& reader, QueryName& name) noexcept {
    const std::size_t start = reader.offset();
    std::size_t size = 0;
    name.label_count = 0;
    std::uint8_t length = reader.read_u8();
    while (length != 0) {
        if (length > kLabelBytesMax || size + 1U + length + kRootBytes > kNameBytesMax) {
            return false;
        }
        // Together with the next length octet, which every label but the root's is followed by.
        const auto label = reader.read_bytes(length + 1U);
        if (label.empty()) {
            return false;
        }
        name.label_start[name.label_count++] = static_cast<std::uint8_t>(size);
        size += 1U + length;
        length = label.back();
    }
    if (!reader.ok()) {
        return false;
    }
    // A length octet is below 'A', so that it passes through unchanged.
    std::ranges::transform(reader.bytes_since(start).first(size), name.bytes.begin(), to_lower);
    name.size = static_cast<std::uint8_t>(size);
    return true;
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
