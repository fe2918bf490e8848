#include "importer/networks/network_text.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace fairlist::importer {

namespace {

constexpr std::array<std::string_view, 4> kNotTold = {"-", "none", "unknown", "zz"};

constexpr bool is_letter(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr char to_capital(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// The shapes of RFC 3629 section 4: the first byte's range decides the second's.
struct Utf8Shape {
    unsigned char first_from;
    unsigned char first_to;
    std::size_t bytes;
    unsigned char second_from;
    unsigned char second_to;
};
constexpr std::array kUtf8Shapes = std::to_array<Utf8Shape>({
    {0x20, 0x7E, 1, 0, 0},
    {0xC2, 0xC2, 2, 0xA0, 0xBF},  // below: the C1 controls
    {0xC3, 0xDF, 2, 0x80, 0xBF},
    {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F},
    {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF},
    {0xF4, 0xF4, 4, 0x80, 0x8F},
});

bool is_within(char c, unsigned char from, unsigned char to) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= from && byte <= to;
}

// The bytes of the character at the front; 0 when it is none, or a control.
std::size_t character_bytes(std::string_view text) noexcept {
    for (const Utf8Shape& shape : kUtf8Shapes) {
        if (!is_within(text[0], shape.first_from, shape.first_to)) {
            continue;
        }
        if (shape.bytes == 1) {
            return 1;
        }
        const bool fits = text.size() >= shape.bytes &&
                          is_within(text[1], shape.second_from, shape.second_to) &&
                          std::ranges::all_of(text.substr(2, shape.bytes - 2),
                                              [](char c) { return is_within(c, 0x80, 0xBF); });
        return fits ? shape.bytes : 0;
    }
    return 0;
}

}  // namespace

Result<std::uint32_t> parse_asn(std::string_view text) {
    std::string_view digits = text;
    if (equals_lower(digits.substr(0, 2), "as")) {
        digits.remove_prefix(2);
    }
    std::uint32_t asn = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, asn);
    if (error != std::errc{} || stop != end) {
        return fail(Errc::Malformed,
                    fmt::format("asn \"{}\": expected a number of 32 bits such as 64500 or AS64500",
                                excerpt(text)));
    }
    return asn;
}

std::optional<std::string> parse_country(std::string_view text) {
    const auto is_text = [text](std::string_view word) {
        return equals_lower(text, word);
    };
    if (text.empty() || std::ranges::any_of(kNotTold, is_text)) {
        return "";
    }
    if (text.size() != 2 || !is_letter(text[0]) || !is_letter(text[1])) {
        return {};
    }
    return std::string{to_capital(text[0]), to_capital(text[1])};
}

std::string tidy_text(std::string_view text, std::size_t bytes_max) {
    std::string out;
    while (!text.empty()) {
        const std::size_t bytes = character_bytes(text);
        const std::string_view piece = bytes == 0 ? "?" : text.substr(0, bytes);
        if (out.size() + piece.size() > bytes_max) {
            break;
        }
        out += piece;
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

}  // namespace fairlist::importer
