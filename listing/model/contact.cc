#include "listing/model/contact.h"

#include "listing/model/domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>

namespace fairlist {

namespace {

constexpr std::size_t kMailboxBytesMax = 254;
constexpr std::size_t kLocalPartBytesMax = 64;  // RFC 5321 section 4.5.3.1.1
constexpr std::string_view kHttps = "https://";

std::string shown(std::string_view text) {
    std::string kept(text.substr(0, 80));
    std::ranges::replace_if(kept, [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return kept;
}

bool is_atext(unsigned char c) noexcept {
    constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~.";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(static_cast<char>(c)) != std::string_view::npos;
}

Result<void> bad_mailbox(std::string_view text) {
    return fail(
        Errc::Malformed,
        fmt::format("mail address \"{}\": expected one such as abuse@example.net", shown(text)));
}

bool is_local_part(std::string_view local) noexcept {
    return !local.empty() && local.size() <= kLocalPartBytesMax && local.front() != '.' &&
           local.back() != '.' && local.find("..") == std::string_view::npos &&
           std::ranges::all_of(local,
                               [](char c) { return is_atext(static_cast<unsigned char>(c)); });
}

}  // namespace

Result<std::string> parse_mailbox(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (text.size() > kMailboxBytesMax || at == std::string_view::npos ||
        !is_local_part(text.substr(0, at))) {
        return std::unexpected(bad_mailbox(text).error());
    }
    const auto domain = parse_domain(text.substr(at + 1));
    if (!domain || domain->text().find('.') == std::string::npos) {
        return std::unexpected(bad_mailbox(text).error());
    }
    return std::string(text.substr(0, at + 1)) + domain->text();
}

Result<std::string> parse_https_url(std::string_view text) {
    const auto bad = [&] {
        return fail(Errc::Malformed,
                    fmt::format("URL \"{}\": expected one such as https://example.net/path, at "
                                "most {} bytes",
                                shown(text), kUrlBytesMax));
    };
    if (!text.starts_with(kHttps) || text.size() > kUrlBytesMax) {
        return bad();
    }
    const std::string_view rest = text.substr(kHttps.size());
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    const bool is_printable = std::ranges::all_of(text, [](unsigned char c) {
        return c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\';
    });
    if (authority.empty() || !is_printable || authority.find('@') != std::string_view::npos) {
        return bad();
    }
    return std::string(text);
}

}  // namespace fairlist
