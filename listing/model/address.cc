#include "listing/model/address.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cstring>

namespace fairlist {

namespace {

std::uint64_t read_big_endian(const std::uint8_t* bytes) noexcept {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) {
        value = value << 8U | bytes[i];
    }
    return value;
}

// The common case of a feed line; inet_pton costs four times as much.
bool parse_v4(std::string_view text, std::uint32_t& out) noexcept {
    std::uint32_t address = 0;
    std::size_t at = 0;
    for (int part = 0; part < 4; ++part) {
        if (part != 0 && (at >= text.size() || text[at++] != '.')) {
            return false;
        }
        const std::size_t start = at;
        std::uint32_t value = 0;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - start < 3) {
            value = value * 10 + static_cast<std::uint32_t>(text[at] - '0');
            ++at;
        }
        const bool leading_zero = at - start > 1 && text[start] == '0';
        if (at == start || leading_zero || value > 255) {
            return false;
        }
        address = address << 8U | value;
    }
    out = address;
    return at == text.size();
}

}  // namespace

Address Address::from_bytes(const std::array<std::uint8_t, 16>& bytes) noexcept {
    return {read_big_endian(bytes.data()), read_big_endian(bytes.data() + 8)};
}

std::array<std::uint8_t, 16> Address::to_bytes() const noexcept {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
        bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    }
    return bytes;
}

Result<Address> parse_address(std::string_view text) {
    if (std::uint32_t v4 = 0; parse_v4(text, v4)) {
        return Address::from_v4(v4);
    }
    std::array<char, INET6_ADDRSTRLEN + 1> buffer{};
    std::array<std::uint8_t, 16> bytes{};
    const bool fits = text.size() < buffer.size() && text.find('\0') == std::string_view::npos;
    if (fits && text.find(':') != std::string_view::npos) {
        std::memcpy(buffer.data(), text.data(), text.size());
        if (inet_pton(AF_INET6, buffer.data(), bytes.data()) == 1) {
            return Address::from_bytes(bytes);
        }
    }
    return fail(Errc::Malformed,
                fmt::format("\"{}\" is no address: expected 192.0.2.1 (no leading zeros) or "
                            "2001:db8::1",
                            text.substr(0, 64)));
}

std::string to_string(const Address& address) {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (address.is_v4()) {
        const std::uint32_t v4 = htonl(address.v4());
        return inet_ntop(AF_INET, &v4, buffer.data(), buffer.size());
    }
    const auto bytes = address.to_bytes();
    return inet_ntop(AF_INET6, bytes.data(), buffer.data(), buffer.size());
}

}  // namespace fairlist
