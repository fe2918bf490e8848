#include "importer/policy/json_text.h"

#include <cstddef>

namespace fairlist::importer {

namespace {

void skip_digits(std::string_view& rest) noexcept {
    while (!rest.empty() && is_digit(rest.front())) {
        rest.remove_prefix(1);
    }
}

bool take_digits(std::string_view& rest) noexcept {
    const std::size_t before = rest.size();
    skip_digits(rest);
    return rest.size() != before;
}

}  // namespace

bool is_json_number(std::string_view rest) noexcept {
    if (rest.starts_with('-')) {
        rest.remove_prefix(1);
    }
    if (rest.starts_with('0')) {
        rest.remove_prefix(1);
    } else if (!take_digits(rest)) {
        return false;
    }
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        if (!take_digits(rest)) {
            return false;
        }
    }
    if (rest.starts_with('e') || rest.starts_with('E')) {
        rest.remove_prefix(1);
        if (rest.starts_with('+') || rest.starts_with('-')) {
            rest.remove_prefix(1);
        }
        if (!take_digits(rest)) {
            return false;
        }
    }
    return rest.empty();
}

char escaped(char letter) noexcept {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const std::size_t at = kLetters.find(letter);
    return at == std::string_view::npos ? '\0' : kMeant[at];
}

void append_utf8(std::uint32_t code, std::string& out) {
    const auto byte = [&out](std::uint32_t value) {
        out += static_cast<char>(static_cast<unsigned char>(value));
    };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0U | code >> 6U);
        byte(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        byte(0xE0U | code >> 12U);
        byte(0x80U | (code >> 6U & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    } else {
        byte(0xF0U | code >> 18U);
        byte(0x80U | (code >> 12U & 0x3FU));
        byte(0x80U | (code >> 6U & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    }
}

}  // namespace fairlist::importer
