#include "server/api/etag.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace fairlist::api {

namespace {

constexpr std::size_t kHashBytes = 16;

void skip_blanks(std::string_view& text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

// Takes one tag off the front, with its quotes; empty: there is none.
std::string_view take_tag(std::string_view& text) noexcept {
    if (!text.starts_with('"')) {
        return {};
    }
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos) {
        return {};
    }
    const std::string_view tag = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    return tag;
}

}  // namespace

std::string etag_of(std::string_view body) {
    std::array<unsigned char, kHashBytes> hash{};
    crypto_generichash(hash.data(), hash.size(),
                       reinterpret_cast<const unsigned char*>(body.data()), body.size(), nullptr,
                       0);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string tag = "\"";
    for (const unsigned char byte : hash) {
        tag.push_back(kDigits[byte >> 4U]);
        tag.push_back(kDigits[byte & 0xFU]);
    }
    return tag + "\"";
}

bool names_etag(std::string_view field, std::string_view etag, bool weak) noexcept {
    skip_blanks(field);
    if (field == "*") {
        return true;
    }
    while (!field.empty()) {
        const bool is_weak = field.starts_with("W/");
        if (is_weak) {
            field.remove_prefix(2);
        }
        const std::string_view tag = take_tag(field);
        if (tag.empty()) {
            return false;
        }
        if (tag == etag && (weak || !is_weak)) {
            return true;
        }
        skip_blanks(field);
        if (field.starts_with(',')) {
            field.remove_prefix(1);
            skip_blanks(field);
        }
    }
    return false;
}

}  // namespace fairlist::api
