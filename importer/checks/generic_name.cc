#include "importer/checks/generic_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace fairlist::importer {

namespace {

// What providers call the lines of their customers, as words of a name.
constexpr std::array<std::string_view, 44> kLineWords = {
    "adsl",       "vdsl",       "sdsl",       "xdsl",   "dsl",  "cable",       "catv",
    "dhcp",       "dial",       "dialin",     "dialup", "dip",  "dyn",         "dynamic",
    "dynamicip",  "dynip",      "ppp",        "pppoe",  "pool", "pools",       "broadband",
    "bb",         "fiber",      "fibre",      "ftth",   "fttx", "gpon",        "wimax",
    "wifi",       "wireless",   "mobile",     "lte",    "gprs", "umts",        "client",
    "customer",   "cust",       "subscriber", "user",   "home", "residential", "unknown",
    "unassigned", "unallocated"};
// Among them those that servers are called by as well: only beside the address they count.
constexpr std::array<std::string_view, 6> kHostWords = {"ip",  "host",    "static",
                                                        "rev", "reverse", "compute"};
constexpr std::array<std::string_view, 16> kMailWords = {
    "mail", "smtp",  "mx",         "mta",  "mailer",   "relay",   "outbound", "out",
    "mout", "email", "newsletter", "imap", "exchange", "postfix", "sender",   "mailout"};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept {
    return c >= 'a' && c <= 'z';
}

// Runs of letters and runs of digits: "dsl-203x0" gives dsl, 203, x, 0.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto kind = [&](std::size_t i) {
            return is_digit(text[i]) ? 1 : is_letter(text[i]) ? 2 : 0;
        };
        std::size_t end = at + 1;
        while (end < text.size() && kind(end) == kind(at) && kind(at) != 0) {
            ++end;
        }
        if (kind(at) != 0) {
            words.push_back(text.substr(at, end - at));
        }
        at = end;
    }
    return words;
}

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& words, std::string_view word) noexcept {
    return std::ranges::find(words, word) != words.end();
}

// The labels that are not the provider's own domain.
std::string_view own_part(std::string_view name, std::size_t labels) noexcept {
    std::size_t end = name.size();
    for (std::size_t i = 0; i < labels; ++i) {
        const std::size_t dot = name.substr(0, end).rfind('.');
        if (dot == std::string_view::npos) {
            return {};
        }
        end = dot;
    }
    return name.substr(0, end);
}

bool is_octet(std::string_view word, std::uint8_t value) noexcept {
    return std::ranges::all_of(word, is_digit) && word.size() <= 3 &&
           (word == fmt::format("{}", value) || word == fmt::format("{:03}", value));
}

// At least `needed` octets that follow one another in the address, in either order, as numbers of
// their own that follow one another in the name.
bool holds_octets(const std::vector<std::string_view>& words, const std::array<std::uint8_t, 4>& ip,
                  std::size_t needed) {
    std::vector<std::string_view> numbers;
    std::ranges::copy_if(words, std::back_inserter(numbers),
                         [](std::string_view word) { return is_digit(word.front()); });
    for (std::size_t start = 0; start + needed <= numbers.size(); ++start) {
        for (std::size_t first = 0; first + needed <= ip.size(); ++first) {
            bool forward = true;
            bool backward = true;
            for (std::size_t i = 0; i < needed; ++i) {
                forward = forward && is_octet(numbers[start + i], ip[first + i]);
                backward = backward && is_octet(numbers[start + i], ip[first + needed - 1 - i]);
            }
            if (forward || backward) {
                return true;
            }
        }
    }
    return false;
}

std::string plain_digits(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (is_digit(c) || (c >= 'a' && c <= 'f')) {
            digits += c;
        } else if (c != '-' && c != '.' && c != '_') {
            digits += ' ';
        }
    }
    return digits;
}

bool holds_v4(std::string_view own, const Address& address) {
    const auto bytes = address.to_bytes();
    const std::array<std::uint8_t, 4> ip = {bytes[12], bytes[13], bytes[14], bytes[15]};
    if (holds_octets(words_of(own), ip, 3)) {
        return true;
    }
    const std::string hex = fmt::format("{:02x}{:02x}{:02x}{:02x}", ip[0], ip[1], ip[2], ip[3]);
    const std::string padded = fmt::format("{:03}{:03}{:03}{:03}", ip[0], ip[1], ip[2], ip[3]);
    const std::string number = fmt::format("{}", address.v4());
    return own.find(hex) != std::string_view::npos || own.find(padded) != std::string_view::npos ||
           std::ranges::any_of(words_of(own),
                               [&](std::string_view word) { return word == number; });
}

// Sixteen of its digits in a row, with or without what separates them, in either order.
bool holds_v6(std::string_view own, const Address& address) {
    constexpr std::size_t kDigits = 16;
    std::string digits;
    std::string groups;
    const auto bytes = address.to_bytes();
    for (const std::uint8_t byte : bytes) {
        digits += fmt::format("{:02x}", byte);
    }
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        groups += fmt::format("{}{:x}", i == 0 ? "" : "-", bytes[i] << 8U | bytes[i + 1]);
    }
    const std::string backwards(digits.rbegin(), digits.rend());
    const std::string plain = plain_digits(own);
    for (std::size_t at = 0; at + kDigits <= digits.size(); ++at) {
        if (plain.find(digits.substr(at, kDigits)) != std::string::npos ||
            plain.find(backwards.substr(at, kDigits)) != std::string::npos) {
            return true;
        }
    }
    // "2001-db8-0-1-…": without leading zeros at least the first four groups.
    std::size_t end = 0;
    for (int dashes = 0; dashes < 4 && end < groups.size(); ++end) {
        dashes += groups[end] == '-' ? 1 : 0;
    }
    return own.find(std::string_view(groups).substr(0, end)) != std::string_view::npos;
}

}  // namespace

std::string generic_reason(std::string_view name, const Address& address,
                           std::size_t registrable_labels) {
    const std::string_view own = own_part(name, registrable_labels);
    if (own.empty()) {
        return {};
    }
    const std::vector<std::string_view> words = words_of(own);
    const bool has_mail_word = std::ranges::any_of(
        words, [](std::string_view word) { return is_among(kMailWords, word); });
    const auto line = std::ranges::find_if(
        words, [](std::string_view word) { return is_among(kLineWords, word); });
    const bool has_line_word = line != words.end();
    const bool holds_address = address.is_v4() ? holds_v4(own, address) : holds_v6(own, address);
    if (holds_address && (!has_mail_word || has_line_word)) {
        return "it contains the address";
    }
    const bool has_number =
        std::ranges::any_of(words, [](std::string_view word) { return is_digit(word.front()); });
    if (has_line_word && has_number && !has_mail_word) {
        return fmt::format("it is numbered and has the word \"{}\"", *line);
    }
    const bool has_host_word = std::ranges::any_of(
        words, [](std::string_view word) { return is_among(kHostWords, word); });
    const auto bytes = address.to_bytes();
    const std::array<std::uint8_t, 4> ip = {bytes[12], bytes[13], bytes[14], bytes[15]};
    if (address.is_v4() && has_host_word && !has_mail_word && holds_octets(words, ip, 2)) {
        return "it contains a part of the address";
    }
    return {};
}

}  // namespace fairlist::importer
