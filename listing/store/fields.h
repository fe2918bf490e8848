// Fields: parts that many records and keys have: big-endian numbers, addresses, prefixes, texts.
#pragma once

#include "listing/model/address.h"
#include "listing/model/prefix.h"
#include "listing/store/bytes.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlist::store {

// For keys that must sort by the number.
template <std::unsigned_integral Number>
void write_big(ByteWriter& out, Number number) {
    for (std::size_t shift = 8 * sizeof(Number); shift != 0; shift -= 8) {
        out.u8(static_cast<std::uint8_t>(number >> (shift - 8)));
    }
}

template <std::unsigned_integral Number>
[[nodiscard]] Number read_big(ByteReader& in) noexcept {
    Number number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        number = static_cast<Number>(number << 8U | in.u8());
    }
    return number;
}

// 16 bytes, in network order.
void write_address(ByteWriter& out, const Address& address);
[[nodiscard]] Address read_address(ByteReader& in) noexcept;

// An address and u8 length. Nothing: a length over 128, or bits past it.
void write_prefix(ByteWriter& out, const Prefix& prefix);
[[nodiscard]] std::optional<Prefix> read_prefix(ByteReader& in) noexcept;

// A text that is cut at so many bytes.
void write_cut(ByteWriter& out, std::string_view text, std::size_t bytes_max);

}  // namespace fairlist::store
