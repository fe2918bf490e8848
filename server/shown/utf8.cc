#include "server/shown/utf8.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace fairlist {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Form {
    unsigned char first;  // lowest and highest lead byte
    unsigned char last;
    unsigned char second_low;   // bounds of the second byte, which exclude overlong forms,
    unsigned char second_high;  // surrogates and what lies above U+10FFFF
    std::size_t bytes;
};
// RFC 3629 section 4.
constexpr std::array<Form, 8> kForms = {{{0x00, 0x7F, 0, 0, 1},
                                         {0xC2, 0xDF, 0x80, 0xBF, 2},
                                         {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                         {0xE1, 0xEC, 0x80, 0xBF, 3},
                                         {0xED, 0xED, 0x80, 0x9F, 3},
                                         {0xEE, 0xEF, 0x80, 0xBF, 3},
                                         {0xF0, 0xF0, 0x90, 0xBF, 4},
                                         {0xF1, 0xF4, 0x80, 0xBF, 4}}};

}  // namespace

std::size_t character_bytes(std::string_view rest) noexcept {
    const auto byte = [&](std::size_t at) {
        return static_cast<unsigned char>(rest[at]);
    };
    const auto* form = std::ranges::find_if(
        kForms, [&](const Form& f) { return byte(0) >= f.first && byte(0) <= f.last; });
    if (form == kForms.end() || rest.size() < form->bytes) {
        return 0;
    }
    const unsigned char second_high = byte(0) == 0xF4 ? 0x8F : form->second_high;
    for (std::size_t i = 1; i < form->bytes; ++i) {
        const unsigned char low = i == 1 ? form->second_low : 0x80;
        const unsigned char high = i == 1 ? second_high : 0xBF;
        if (byte(i) < low || byte(i) > high) {
            return 0;
        }
    }
    return form->bytes;
}

std::string to_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t bytes = character_bytes(text);
        out += bytes == 0 ? kReplacement : text.substr(0, bytes);
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

}  // namespace fairlist
