#include "importer/formats/utf8_line.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fairlist::importer {

namespace {

struct Character {
    std::size_t bytes = 0;  // 0: none that is well-formed
    std::uint32_t code = 0;
};

std::size_t bytes_of(unsigned char lead) noexcept {
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC0 || lead > 0xF7) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// Requires: `rest` is not empty.
Character first_of(std::string_view rest) noexcept {
    const auto lead = static_cast<unsigned char>(rest[0]);
    const std::size_t bytes = bytes_of(lead);
    if (bytes == 0 || rest.size() < bytes) {
        return {};
    }
    std::uint32_t code = bytes == 1 ? lead : lead & (0x7FU >> bytes);
    for (const char c : rest.substr(1, bytes - 1)) {
        const auto next = static_cast<unsigned char>(c);
        if (next >> 6U != 2) {
            return {};
        }
        code = code << 6U | (next & 0x3FU);
    }
    // Below it the form is overlong.
    constexpr std::array<std::uint32_t, 5> kLowest = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < kLowest[bytes] || is_surrogate || code > 0x10FFFF ? Character{}
                                                                    : Character{bytes, code};
}

}  // namespace

bool is_utf8_line(std::string_view text) noexcept {
    while (!text.empty()) {
        const Character character = first_of(text);
        const bool is_control =
            character.code < 0x20 || (character.code >= 0x7F && character.code < 0xA0);
        if (character.bytes == 0 || is_control) {
            return false;
        }
        text.remove_prefix(character.bytes);
    }
    return true;
}

std::size_t utf8_front(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const Character character = first_of(text.substr(at));
        if (character.bytes == 0) {
            break;
        }
        at += character.bytes;
    }
    return at;
}

}  // namespace fairlist::importer
