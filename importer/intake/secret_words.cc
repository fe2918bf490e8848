#include "importer/intake/secret_words.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kHex = "0123456789abcdef";

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool is_letter(char c) noexcept {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

bool is_word_byte(char c) noexcept {
    return is_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// What is left when all but letters and digits go.
std::string squeezed(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_word_byte(c)) {
            out.push_back(lower(c));
        }
    }
    return out;
}

std::string rot13(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out.push_back(is_letter(c) ? static_cast<char>('a' + (lower(c) - 'a' + 13) % 26) : c);
    }
    return out;
}

// Digits of `bits` bits each, of as many bits as are whole, `skipped` bits left out in front: so
// that the digits are those that stand inside a longer text.
std::string digits_of(std::string_view text, std::string_view digits, unsigned bits,
                      std::size_t skipped) {
    std::string out;
    const auto bit_at = [&](std::size_t at) {
        return static_cast<unsigned>(static_cast<std::uint8_t>(text[at / 8]) >> (7 - at % 8)) & 1U;
    };
    for (std::size_t at = skipped; at + bits <= text.size() * 8; at += bits) {
        unsigned digit = 0;
        for (unsigned i = 0; i < bits; ++i) {
            digit = digit << 1U | bit_at(at + i);
        }
        out.push_back(digits[digit]);
    }
    return out;
}

// The byte that "40" stands for; -1: none.
int hex_byte(std::string_view digits) noexcept {
    if (digits.size() != 2) {
        return -1;
    }
    const std::size_t high = kHex.find(lower(digits[0]));
    const std::size_t low = kHex.find(lower(digits[1]));
    return high == std::string::npos || low == std::string::npos
               ? -1
               : static_cast<int>(high * 16 + low);
}

// "%40" and "=40" as the bytes that they stand for; in host names, which take neither mark, "-40"
// as well, when that is a mark itself.
std::string unescaped(std::string_view text) {
    constexpr std::string_view kMarks = "+-.=@_";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int byte = hex_byte(text.substr(i + 1, 2));
        const bool whole = text[i] == '%' || text[i] == '=';
        const bool in_host = text[i] == '-' || text[i] == '_' || text[i] == '.';
        if (byte >= 0 && (whole || (in_host && kMarks.contains(static_cast<char>(byte))))) {
            out.push_back(static_cast<char>(byte));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

// Whether the letters and digits of the word stand at the front of the text, whatever marks stand
// between them, and a mark or the end behind.
bool begins_with_word(std::string_view text, std::string_view word) noexcept {
    std::size_t found = 0;
    for (const char c : text) {
        if (found == word.size()) {
            return !is_word_byte(c);
        }
        if (is_word_byte(c) && lower(c) != word[found++]) {
            return false;
        }
    }
    return found == word.size();
}

bool has_word(std::string_view text, std::string_view word) noexcept {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool begins = is_word_byte(text[at]) && (at == 0 || !is_word_byte(text[at - 1]));
        if (begins && begins_with_word(text.substr(at), word)) {
            return true;
        }
    }
    return false;
}

bool may_hold_hash(std::string_view text) noexcept {
    std::size_t run = 0;
    for (const char c : text) {
        run = kHex.contains(lower(c)) ? run + 1 : 0;
        if (run == kHashDigitsMin) {
            return true;
        }
    }
    return false;
}

}  // namespace

SecretWords::SecretWords(std::span<const std::string> addresses) {
    for (const std::string& address : addresses) {
        const std::size_t at = address.rfind('@');
        if (at != std::string::npos) {
            add(std::string_view(address).substr(0, at), std::string_view(address).substr(at + 1));
        }
    }
    for (std::vector<std::string>* list : {&needles_, &words_}) {
        std::ranges::sort(*list);
        list->erase(std::ranges::unique(*list).begin(), list->end());
    }
}

void SecretWords::add(std::string_view local, std::string_view domain) {
    add_word(domain);
    if (local.empty()) {
        return;
    }
    add_word(local);
    add_word(local.substr(0, local.find('+')));
    add_word(std::string(local).append("@").append(domain));
}

void SecretWords::add_word(std::string_view word) {
    std::string plain = squeezed(word);
    if (plain.empty()) {
        return;
    }
    const std::string backwards(plain.rbegin(), plain.rend());
    std::vector<std::string> forms = {backwards, rot13(plain), digits_of(word, kHex, 4, 0),
                                      digits_of(plain, kHex, 4, 0)};
    for (const std::size_t skipped : {std::size_t{0}, std::size_t{2}, std::size_t{4}}) {
        forms.push_back(squeezed(digits_of(word, kBase64, 6, skipped)));
    }
    for (std::size_t skipped = 0; skipped < 5; ++skipped) {
        forms.push_back(digits_of(word, kBase32, 5, skipped));
    }
    for (std::string& form : forms) {
        if (form.size() >= kSecretBytesMin) {
            needles_.push_back(std::move(form));
        }
    }
    (plain.size() >= kSecretBytesMin ? needles_ : words_).push_back(std::move(plain));
}

bool SecretWords::are_in(std::string_view text) const {
    const std::string plain = unescaped(text);
    for (const std::string& form : {std::string(text), plain}) {
        const std::string letters = squeezed(form);
        const bool named = std::ranges::any_of(
            needles_, [&](const std::string& n) { return letters.contains(n); });
        if (named || may_hold_hash(form) ||
            std::ranges::any_of(words_, [&](const std::string& w) { return has_word(form, w); })) {
            return true;
        }
    }
    return false;
}

}  // namespace fairlist::importer
