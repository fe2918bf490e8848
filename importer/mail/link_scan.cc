#include "importer/mail/link_scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kAuthorityBytesMax = 2048;
constexpr std::size_t kReferenceBytesMax = 10;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(char c) noexcept {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

bool is_slash(char c) noexcept {
    return c == '/' || c == '\\';  // browsers take both
}

bool ends_with(std::string_view text, std::string_view end) noexcept {
    return text.size() >= end.size() &&
           std::ranges::equal(text.substr(text.size() - end.size()), end, {}, lower);
}

// Whether a scheme whose links count ends here, as a word of its own.
bool is_scheme(std::string_view before) noexcept {
    constexpr std::array<std::string_view, 3> kSchemes = {"http", "https", "ftp"};
    return std::ranges::any_of(kSchemes, [&](std::string_view scheme) {
        return ends_with(before, scheme) && (before.size() == scheme.size() ||
                                             !is_word(before[before.size() - scheme.size() - 1]));
    });
}

bool ends_authority(char c) noexcept {
    constexpr std::string_view kEnds = "/\\?#\"'<>()`{}|^,;!*";
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' ||
           kEnds.find(c) != std::string_view::npos;
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool coded = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                           hex_value(text[i + 2]) >= 0;
        out += coded ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]))
                     : text[i];
        i += coded ? 2U : 0U;
    }
    return out;
}

// Of what stands behind "//"; how far the authority goes is the value.
std::size_t take_host(std::string_view rest, LinkHosts& out) {
    rest = rest.substr(0, kAuthorityBytesMax);
    const auto end = std::ranges::find_if(rest, ends_authority);
    const auto size = static_cast<std::size_t>(end - rest.begin());
    std::string_view host = rest.substr(0, size);
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
        host.remove_prefix(at + 1);
    }
    const std::size_t host_end = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
    host = host.substr(0, host_end);
    while (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    out.add(percent_decoded(host));
    return size;
}

bool begins_www(std::string_view text, std::size_t at) noexcept {
    constexpr std::string_view kWww = "www.";
    constexpr std::string_view kInside = ".-/@_%=\\";
    const bool inside =
        at > 0 && (is_word(text[at - 1]) || kInside.find(text[at - 1]) != std::string_view::npos);
    return !inside && at + kWww.size() < text.size() && is_word(text[at + kWww.size()]) &&
           std::ranges::equal(text.substr(at, kWww.size()), kWww, {}, lower);
}

bool begins_attribute(std::string_view text, std::size_t at) noexcept {
    return at > 0 && at + 2 < text.size() && is_slash(text[at]) && is_slash(text[at + 1]) &&
           (text[at - 1] == '"' || text[at - 1] == '\'' || text[at - 1] == '=');
}

// Where the authority of a link begins that begins at `at`; npos: none does.
std::size_t authority_at(std::string_view text, std::size_t at, bool html) {
    if (text[at] == ':' && at + 1 < text.size() && is_slash(text[at + 1]) &&
        is_scheme(text.substr(0, at))) {
        const auto rest = text.substr(at + 1);
        const auto behind = std::ranges::find_if_not(rest, is_slash);
        return at + 1 + static_cast<std::size_t>(behind - rest.begin());
    }
    if (begins_www(text, at)) {
        return at;
    }
    return html && begins_attribute(text, at) ? at + 2 : std::string_view::npos;
}

void scan(std::string_view text, bool html, LinkHosts& out) {
    for (std::size_t at = 0; at < text.size() && !out.has_more(); ++at) {
        const std::size_t host = authority_at(text, at, html);
        if (host != std::string_view::npos) {
            at = host + take_host(text.substr(host), out);
        }
    }
}

void append_utf8(std::uint32_t c, std::string& out) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0U | c >> 6U);
        out += static_cast<char>(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0U | c >> 12U);
        out += static_cast<char>(0x80U | (c >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (c & 0x3FU));
    }
}

struct Reference {
    std::string_view name;
    std::uint32_t value;
};

constexpr std::array kReferences = std::to_array<Reference>({{"amp", '&'},
                                                             {"colon", ':'},
                                                             {"sol", '/'},
                                                             {"bsol", '\\'},
                                                             {"period", '.'},
                                                             {"commat", '@'},
                                                             {"quot", '"'},
                                                             {"apos", '\''},
                                                             {"lt", '<'},
                                                             {"gt", '>'},
                                                             {"equals", '='},
                                                             {"nbsp", ' '}});

// The character of "&...;" without its ends; 0: none that matters.
std::uint32_t character_of(std::string_view name) {
    if (!name.starts_with('#')) {
        const auto* found = std::ranges::find(kReferences, name, &Reference::name);
        return found == kReferences.end() ? 0 : found->value;
    }
    name.remove_prefix(1);
    const bool hex = name.starts_with('x') || name.starts_with('X');
    name.remove_prefix(hex ? 1 : 0);
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(name.data(), name.data() + name.size(), value, hex ? 16 : 10);
    return error == std::errc{} && end == name.data() + name.size() ? value : 0;
}

std::string without_references(std::string_view html) {
    std::string out;
    out.reserve(html.size());
    for (std::size_t at = 0; at < html.size(); ++at) {
        if (html[at] == '&') {
            const std::string_view near = html.substr(at + 1, kReferenceBytesMax);
            const std::size_t end = near.find(';');
            if (end != std::string_view::npos) {
                if (const std::uint32_t c = character_of(near.substr(0, end)); c != 0) {
                    append_utf8(c, out);
                    at += end + 1;
                    continue;
                }
            }
        }
        out += html[at];
    }
    return out;
}

}  // namespace

void LinkHosts::add(std::string_view host) {
    if (host.empty() || host.size() > kLinkHostBytesMax) {
        return;
    }
    std::string small(host);
    std::ranges::transform(small, small.begin(), lower);
    if (seen_.contains(small)) {
        return;
    }
    if (hosts_.size() == kLinkHostsMax) {
        more_ = true;
        return;
    }
    hosts_.push_back(small);
    seen_.insert(std::move(small));
}

void scan_plain_text(std::string_view text, LinkHosts& out) {
    scan(text, false, out);
}

void scan_html(std::string_view html, LinkHosts& out) {
    scan(without_references(html), true, out);
}

}  // namespace fairlist::importer
