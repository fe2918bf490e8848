#include "importer/lmtp/envelope_text.h"

#include <algorithm>

namespace fairlist::importer {

namespace {

char to_upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::string envelope_text(std::string_view raw) {
    std::string text(raw.substr(0, kEnvelopeTextBytesMax));
    std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

bool same_keyword(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, to_upper, to_upper);
}

std::string_view take_argument(std::string_view& text) noexcept {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return word;
}

}  // namespace fairlist::importer
