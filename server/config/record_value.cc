#include "server/config/record_value.h"

#include "listing/model/address.h"
#include "server/config/node.h"
#include "server/config/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <expected>
#include <optional>
#include <utility>

namespace fairlist::config {

namespace {

template <typename T>
bool parse_whole(std::string_view digits, T& out) noexcept {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc{} && end == digits.data() + digits.size();
}

// The part before the first blank; `rest` loses it and the blanks after it.
std::string_view take_word(std::string_view& rest) noexcept {
    const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(end);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    return word;
}

Result<void> check_address_value(std::string_view value, bool is_v4) {
    // ::ffff:192.0.2.1 is the same address as 192.0.2.1, so the writing decides.
    const bool written_as_v4 = value.find(':') == std::string_view::npos;
    if (!parse_address(value) || written_as_v4 != is_v4) {
        return fail(Errc::Malformed, fmt::format("{}: expected an {} address", quote(value),
                                                 is_v4 ? "IPv4" : "IPv6"));
    }
    return {};
}

Result<void> check_host_value(std::string_view value) {
    const auto host = parse_host_name(value);
    return host ? Result<void>() : std::unexpected(host.error());
}

Result<void> check_mx_value(std::string_view value) {
    std::string_view host = value;
    std::uint16_t preference = 0;
    if (!parse_whole(take_word(host), preference) || host.empty()) {
        return fail(Errc::Malformed,
                    fmt::format("{}: expected a preference and a host, such as \"10 mail.example\"",
                                quote(value)));
    }
    // "0 ." says that there is no mail (RFC 7505).
    return host == "." ? Result<void>() : check_host_value(host);
}

// Flags, tag and value (RFC 8659 section 4.1).
Result<void> check_caa_value(std::string_view value) {
    std::string_view rest = value;
    std::uint8_t flags = 0;
    const bool has_flags = parse_whole(take_word(rest), flags);
    const std::string_view tag = take_word(rest);
    const bool has_tag = !tag.empty() && std::ranges::all_of(tag, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
    if (!has_flags || !has_tag || rest.empty()) {
        return fail(Errc::Malformed, fmt::format("{}: expected flags, tag and value, such as "
                                                 "'0 issue \"ca.example\"'",
                                                 quote(value)));
    }
    return {};
}

constexpr std::size_t kCharacterStringMax = 255;  // RFC 1035 section 3.3

// How many characters a string in presentation form stands for: "\." and "\046" are one.
std::size_t unescaped_size(std::string_view text) noexcept {
    std::size_t size = 0;
    while (!text.empty()) {
        const bool is_escape = text.starts_with('\\');
        const bool is_number = is_escape && text.size() >= 2 && text[1] >= '0' && text[1] <= '9';
        const std::size_t width = is_number ? 4 : (is_escape ? 2 : 1);
        text.remove_prefix(std::min(width, text.size()));
        ++size;
    }
    return size;
}

// The string between the quotes that `rest` starts with; `rest` loses it and the blanks after it.
// Nothing when no quote ends it or no blank follows.
std::optional<std::string_view> take_quoted(std::string_view& rest) noexcept {
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != '"') {
        end += rest[end] == '\\' ? 2U : 1U;
    }
    if (end >= rest.size() || (end + 1 < rest.size() && rest[end + 1] != ' ')) {
        return std::nullopt;
    }
    const std::string_view inside = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return inside;
}

// Without quotes a blank would start another string and a semicolon a remark (RFC 1035 section
// 5.1): the text would be served with holes.
Result<void> check_txt_value(std::string_view value) {
    std::string_view rest = value;
    const bool is_word = value.find_first_of("\" \t;()") == std::string_view::npos;
    while (!rest.empty()) {
        std::optional<std::string_view> text;
        if (is_word) {
            text = std::exchange(rest, {});
        } else if (rest.starts_with('"')) {
            text = take_quoted(rest);
        }
        if (!text) {
            return fail(Errc::Malformed, fmt::format("{}: text goes in double quotes, as "
                                                     "'\"some text\"'",
                                                     quote(value)));
        }
        if (unescaped_size(*text) > kCharacterStringMax) {
            return fail(Errc::OutOfRange, fmt::format("{}: longer than {} bytes: break it, as "
                                                      "'\"one \" \"two\"'",
                                                      quote(value), kCharacterStringMax));
        }
    }
    return {};
}

struct RecordKind {
    std::string_view type;
    Result<void> (*check)(std::string_view value);
};

Result<void> check_a_value(std::string_view value) {
    return check_address_value(value, true);
}

Result<void> check_aaaa_value(std::string_view value) {
    return check_address_value(value, false);
}

constexpr auto kRecordKinds = std::to_array<RecordKind>({
    {"A", check_a_value},
    {"AAAA", check_aaaa_value},
    {"NS", check_host_value},
    {"TXT", check_txt_value},
    {"MX", check_mx_value},
    {"CAA", check_caa_value},
});

}  // namespace

Result<std::string> parse_record_type(std::string_view text) {
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
    });
    if (std::ranges::find(kRecordKinds, upper, &RecordKind::type) != kRecordKinds.end()) {
        return upper;
    }
    return fail(Errc::Malformed,
                fmt::format("{}: expected A, AAAA, NS, TXT, MX or CAA", quote(text)));
}

Result<void> check_record_value(std::string_view type, std::string_view value) {
    if (value.empty()) {
        return fail(Errc::Malformed, "\"\": expected a value");
    }
    const auto kind = std::ranges::find(kRecordKinds, type, &RecordKind::type);
    return kind == kRecordKinds.end() ? Result<void>() : kind->check(value);
}

}  // namespace fairlist::config
