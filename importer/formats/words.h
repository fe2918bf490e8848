// Words: cutting a line of text into its parts.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fairlist::importer {

[[nodiscard]] constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

[[nodiscard]] constexpr std::string_view trim_left(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return trim_left(text);
}

// Takes the first word off `rest`, with the blanks around it; empty when there is none.
constexpr std::string_view take_word(std::string_view& rest) noexcept {
    rest = trim_left(rest);
    std::size_t end = 0;
    while (end < rest.size() && !is_blank(rest[end])) {
        ++end;
    }
    const std::string_view word = rest.substr(0, end);
    rest = trim_left(rest.substr(end));
    return word;
}

// ASCII, without regard to case. Requires: `lower` is in lower case.
[[nodiscard]] constexpr bool equals_lower(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size()) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c =
            text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] | 0x20) : text[i];
        if (c != lower[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace fairlist::importer
