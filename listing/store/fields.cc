#include "listing/store/fields.h"

#include <array>

namespace fairlist::store {

void write_address(ByteWriter& out, const Address& address) {
    for (const std::uint8_t byte : address.to_bytes()) {
        out.u8(byte);
    }
}

Address read_address(ByteReader& in) noexcept {
    std::array<std::uint8_t, 16> bytes{};
    for (std::uint8_t& byte : bytes) {
        byte = in.u8();
    }
    return Address::from_bytes(bytes);
}

void write_prefix(ByteWriter& out, const Prefix& prefix) {
    write_address(out, prefix.base);
    out.u8(prefix.length);
}

std::optional<Prefix> read_prefix(ByteReader& in) noexcept {
    const Address base = read_address(in);
    const unsigned length = in.u8();
    if (!in.ok() || length > 128 || mask_to(base, length) != base) {
        return std::nullopt;
    }
    return Prefix::of(base, length);
}

void write_cut(ByteWriter& out, std::string_view text, std::size_t bytes_max) {
    out.text(text.substr(0, bytes_max));
}

}  // namespace fairlist::store
