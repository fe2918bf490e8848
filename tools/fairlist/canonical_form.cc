#include "tools/fairlist/canonical_form.h"

#include "listing/model/domain.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace fairlist::cli {

namespace {

constexpr std::size_t kLocalPartBytesMax = 64;  // RFC 5321 section 4.5.3.1.1
constexpr std::size_t kUrlBytesMax = 8192;

char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// RFC 3986 section 2.3.
bool is_unreserved(char c) noexcept {
    const char lower = to_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

unsigned hex_value(char c) noexcept {
    return static_cast<unsigned>(c <= '9' ? c - '0' : to_lower(c) - 'a' + 10);
}

std::unexpected<Error> bad(std::string_view what, std::string_view text, std::string_view why) {
    return fail(Errc::Malformed, fmt::format("{} \"{}\": {}", what, text.substr(0, 100), why));
}

bool is_gmail(std::string_view domain) noexcept {
    return domain == "gmail.com" || domain == "googlemail.com";
}

// Decodes what needs no escape and writes the rest in upper case (RFC 3986 sections 6.2.2.1 and
// 6.2.2.2). Requires: every % is followed by two hex digits.
std::string normal_escapes(std::string_view path) {
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '%') {
            out.push_back(path[i]);
            continue;
        }
        const unsigned byte = hex_value(path[i + 1]) * 16 + hex_value(path[i + 2]);
        i += 2;
        if (is_unreserved(static_cast<char>(byte))) {
            out.push_back(static_cast<char>(byte));
        } else {
            out += fmt::format("%{:02X}", byte);
        }
    }
    return out;
}

// RFC 3986 section 5.2.4, for a path that is empty or begins with a slash.
std::string without_dot_segments(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/', 1), path.size());
        const std::string_view segment = path.substr(0, end);
        const bool last = end == path.size();
        if (segment == "/..") {
            out.erase(std::min(out.rfind('/'), out.size()));
        }
        if (segment != "/." && segment != "/..") {
            out += segment;
        } else if (last) {
            out.push_back('/');
        }
        path.remove_prefix(end);
    }
    return out.empty() ? "/" : out;
}

}  // namespace

Result<std::string> canonical_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos) {
        return bad("e-mail address", text, "no @, expected name@example.org");
    }
    std::string local(text.substr(0, at));
    const auto is_unfit = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
    };
    if (local.size() > kLocalPartBytesMax || std::ranges::any_of(local, is_unfit)) {
        return bad("e-mail address", text, "expected at most 64 bytes without spaces before the @");
    }
    const auto domain = parse_domain(text.substr(at + 1));
    if (!domain) {
        return bad("e-mail address", text, domain.error().message);
    }
    local.erase(std::min(local.find('+'), local.size()));
    if (is_gmail(domain->text())) {
        std::erase(local, '.');
    }
    if (local.empty()) {
        return bad("e-mail address", text, "nothing before the @ or its tag");
    }
    std::ranges::transform(local, local.begin(), to_lower);
    return local + "@" + (is_gmail(domain->text()) ? "gmail.com" : domain->text());
}

Result<std::string> canonical_url(std::string_view text) {
    if (text.size() > kUrlBytesMax) {
        return bad("URL", text, "longer than 8192 bytes");
    }
    const bool has_scheme = text.find("://") != std::string_view::npos;
    const std::string with_scheme = (has_scheme ? "" : "http://") + std::string(text);
    const auto parsed = boost::urls::parse_uri(with_scheme);
    if (!parsed) {
        return bad("URL", text,
                   "expected [http://]host/path, in ASCII with the rest percent-encoded");
    }
    std::string host(parsed->encoded_host());
    std::ranges::transform(host, host.begin(), to_lower);
    if (host.ends_with('.')) {
        host.pop_back();
    }
    if (host.empty()) {
        return bad("URL", text, "no host");
    }
    const std::string path(parsed->encoded_path());
    return host + without_dot_segments(normal_escapes(path));
}

}  // namespace fairlist::cli
