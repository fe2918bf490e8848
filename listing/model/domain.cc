#include "listing/model/domain.h"

#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <expected>
#include <utility>

namespace fairlist {

namespace {

constexpr std::size_t kNameBytesMax = 253;
constexpr std::size_t kLabelBytesMax = 63;

std::unexpected<Error> bad(std::string_view text, std::string_view why) {
    return fail(Errc::Malformed, fmt::format("domain \"{}\": {}", text.substr(0, 80), why));
}

bool is_ascii(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Result<std::string> to_a_labels(std::string_view text) {
    char* out = nullptr;
    const std::string zero_ended(text);
    const int code =
        idn2_to_ascii_8z(zero_ended.c_str(), &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code != IDN2_OK) {
        return bad(text, idn2_strerror(code));
    }
    std::string ascii(out);
    idn2_free(out);
    return ascii;
}

}  // namespace

Result<DomainName> parse_domain(std::string_view text) {
    std::string name(text);
    if (!is_ascii(text)) {
        auto converted = to_a_labels(text);
        if (!converted) {
            return std::unexpected(converted.error());
        }
        name = std::move(*converted);
    }
    if (name.ends_with('.')) {
        name.pop_back();
    }
    if (name.empty()) {
        return bad(text, "empty");
    }
    if (name.size() > kNameBytesMax) {
        return bad(text, "longer than 253 bytes (RFC 1035 section 2.3.4)");
    }
    std::size_t label_bytes = 0;
    for (char& c : name) {
        if (c == '.') {
            if (label_bytes == 0) {
                return bad(text, "empty label");
            }
            label_bytes = 0;
            continue;
        }
        if (c <= ' ' || c > '~') {
            return bad(text, "white space or control character");
        }
        if (++label_bytes > kLabelBytesMax) {
            return bad(text, "label longer than 63 bytes (RFC 1035 section 2.3.4)");
        }
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c | 0x20);
        }
    }
    if (label_bytes == 0) {
        return bad(text, "empty label");
    }
    return DomainName(std::move(name));
}

std::string to_key(const DomainName& name) {
    std::string_view rest = name.text();
    std::string key;
    key.reserve(rest.size() + 1);
    while (true) {
        const std::size_t dot = rest.rfind('.');
        key.append(dot == std::string_view::npos ? rest : rest.substr(dot + 1));
        key.push_back('\0');
        if (dot == std::string_view::npos) {
            return key;
        }
        rest = rest.substr(0, dot);
    }
}

Result<DomainName> domain_from_key(std::string_view key) {
    if (!key.ends_with('\0')) {
        return fail(Errc::Malformed, "domain key: no final zero byte");
    }
    std::string text;
    text.reserve(key.size());
    std::string_view rest = key.substr(0, key.size() - 1);
    while (true) {
        const std::size_t zero = rest.rfind('\0');
        text.append(zero == std::string_view::npos ? rest : rest.substr(zero + 1));
        if (zero == std::string_view::npos) {
            return parse_domain(text);
        }
        text.push_back('.');
        rest = rest.substr(0, zero);
    }
}

}  // namespace fairlist
