// JsonText: the letters of JSON texts (RFC 8259): digits, escapes, numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Section 6.
[[nodiscard]] bool is_json_number(std::string_view text) noexcept;

// What the letter behind a backslash means; NUL: nothing, or a code ("u").
[[nodiscard]] char escaped(char letter) noexcept;

[[nodiscard]] constexpr bool is_high_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xD800 && unit < 0xDC00;
}

[[nodiscard]] constexpr bool is_low_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xDC00 && unit < 0xE000;
}

// Requires: a code point that is no surrogate.
void append_utf8(std::uint32_t code, std::string& out);

}  // namespace fairlist::importer
