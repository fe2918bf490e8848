#include "importer/formats/plain_line.h"

#include <cstdint>

namespace fairlist::importer {

namespace {

constexpr std::size_t kPlainBytesMax = std::string_view("255.255.255.255/32\r\n").size();

unsigned digit(const char* at) noexcept {
    return static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
}

// At most `digits_max` digits, of which there must be one; returns false when there is none.
template <unsigned digits_max>
bool take_number(const char*& at, unsigned& value) noexcept {
    value = digit(at);
    if (value > 9) {
        return false;
    }
    ++at;
    for (unsigned taken = 1; taken < digits_max && digit(at) <= 9; ++taken) {
        value = 10 * value + digit(at);
        ++at;
    }
    return true;
}

bool take_address(const char*& at, std::uint32_t& address) noexcept {
    address = 0;
    for (unsigned octet = 0; octet < 4; ++octet) {
        unsigned value = 0;
        const bool is_cut = octet != 0 && *at++ != '.';
        if (is_cut || !take_number<3>(at, value) || value > 255) {
            return false;
        }
        address = address << 8U | value;
    }
    return true;
}

}  // namespace

std::size_t take_plain_line(std::string_view text, Prefix& prefix) noexcept {
    // So long a text need not be asked for its end at every byte.
    if (text.size() < kPlainBytesMax) {
        return 0;
    }
    const char* at = text.data();
    std::uint32_t address = 0;
    unsigned length = 32;
    if (!take_address(at, address)) {
        return 0;
    }
    if (*at == '/') {
        ++at;
        if (!take_number<2>(at, length) || length > 32) {
            return 0;
        }
        const std::uint64_t host_bits = (std::uint64_t{1} << (32 - length)) - 1;
        if ((address & host_bits) != 0) {
            return 0;
        }
    }
    at += *at == '\r' ? 1 : 0;
    if (*at != '\n') {
        return 0;
    }
    prefix = {Address::from_v4(address), static_cast<std::uint8_t>(Prefix::kV4Offset + length)};
    return static_cast<std::size_t>(at - text.data()) + 1;
}

}  // namespace fairlist::importer
