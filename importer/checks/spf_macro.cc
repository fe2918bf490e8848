#include "importer/checks/spf_macro.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

namespace fairlist::importer {

namespace {

// Letters, digits and what a URI leaves as it is (RFC 3986 section 2.3).
std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", byte);
        }
    }
    return out;
}

// Splits, reverses, keeps the last parts, and joins with dots (section 7.3).
std::string transformed(const std::string& value, const SpfMacro& macro) {
    const std::string delimiters = macro.delimiters.empty() ? "." : macro.delimiters;
    std::vector<std::string> parts(1);
    for (const char c : value) {
        if (delimiters.find(c) != std::string::npos) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    if (macro.is_reversed) {
        std::ranges::reverse(parts);
    }
    if (macro.parts != 0 && macro.parts < parts.size()) {
        parts.erase(parts.begin(), parts.end() - macro.parts);
    }
    return fmt::format("{}", fmt::join(parts, "."));
}

std::string shortened(std::string name) {
    if (name.ends_with('.')) {
        name.pop_back();
    }
    while (name.size() > kSpfNameBytesMax) {
        const std::size_t dot = name.find('.');
        name = dot == std::string::npos ? std::string() : name.substr(dot + 1);
    }
    return name;
}

char take(std::string_view& text) noexcept {
    const char first = text.empty() ? '\0' : text.front();
    text.remove_prefix(text.empty() ? 0 : 1);
    return first;
}

}  // namespace

Result<std::string> expand_spf(std::string_view text, const SpfMacroValue& value_of) {
    std::string out;
    while (!text.empty()) {
        const std::size_t plain = std::min(text.find('%'), text.size());
        out += as_name(text.substr(0, plain));
        text.remove_prefix(plain);
        if (take(text) == '\0') {
            break;
        }
        const char next = take(text);
        if (next != '{') {
            out += next == '_' ? " " : next == '-' ? "%20" : "%";
            continue;
        }
        const auto macro = take_macro(text);
        if (!macro || std::string_view("crt").find(macro->letter) != std::string_view::npos) {
            return fail(Errc::Malformed, "a macro that may stand in \"exp\" only");
        }
        const std::string value = transformed(value_of(macro->letter), *macro);
        out += macro->is_escaped ? percent_encoded(value) : value;
    }
    return shortened(std::move(out));
}

std::string as_name(std::string_view raw) {
    std::string out;
    for (const char c : raw) {
        out += c == '\\' ? std::string("\\\\") : std::string(1, c);
    }
    return out;
}

std::string dotted(const Address& address) {
    if (address.is_v4()) {
        return to_string(address);
    }
    std::string text;
    for (const std::uint8_t byte : address.to_bytes()) {
        text += fmt::format("{}{:x}.{:x}", text.empty() ? "" : ".", byte >> 4U, byte & 0x0FU);
    }
    return text;
}

}  // namespace fairlist::importer
