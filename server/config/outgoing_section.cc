// Who we are to the people that get mail from us, how mail goes out, and reports to providers.
#include "server/config/node.h"
#include "server/config/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;
constexpr std::size_t kMailboxBytesMax = 254;  // RFC 5321 section 4.5.3.1.3, without its brackets
constexpr std::size_t kRetriesMax = 20;
constexpr std::uint64_t kBatchMax = 1000;
constexpr std::uint64_t kMessagesMax = 10000;

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7F; });
}

// One plain address: it goes into envelopes and headers as it is.
Result<std::string> parse_mail_address(std::string_view text) {
    const std::size_t at = text.find('@');
    if (text.size() > kMailboxBytesMax || !is_printable(text) || at == 0 ||
        at == std::string_view::npos || at + 1 == text.size() || at != text.rfind('@') ||
        text.find_first_of(",;:<>()[]\"\\") != std::string_view::npos) {
        return fail(
            Errc::Malformed,
            fmt::format("{}: expected a mail address such as abuse@bl.example", quote(text)));
    }
    return std::string(text);
}

// Without a path: libcurl would greet with it.
Result<std::string> parse_mail_server(std::string_view text) {
    for (const std::string_view scheme : {"smtp://", "smtps://"}) {
        const std::string_view host = text.substr(std::min(scheme.size(), text.size()));
        if (text.starts_with(scheme) && !host.empty() && is_printable(host) &&
            host.find_first_of("/@?#") == std::string_view::npos) {
            return std::string(text);
        }
    }
    return fail(Errc::Malformed,
                fmt::format("{}: expected smtp://HOST:PORT or smtps://HOST:PORT", quote(text)));
}

Result<std::string> parse_site_url(std::string_view text) {
    const bool is_web = text.starts_with("https://") || text.starts_with("http://");
    if (!is_web || !is_printable(text) || text.ends_with('/') || text.size() > kTextBytesMax) {
        return fail(Errc::Malformed, fmt::format("{}: expected https://HOST without a slash at "
                                                 "its end, at most {} bytes",
                                                 quote(text), kTextBytesMax));
    }
    return std::string(text);
}

}  // namespace

void read_site(Reader& in, Site& out) {
    in.text("name", out.name, kTextBytesMax);
    in.parsed("url", "URL", out.url, parse_site_url);
    in.parsed("contact", "mail address", out.contact, parse_mail_address);
}

void read_mail(Reader& in, Mail& out) {
    in.parsed("server", "URL", out.server, parse_mail_server);
    in.parsed("from", "mail address", out.from, parse_mail_address);
    in.text("user", out.user, kTextBytesMax);
    in.path("password_file", out.password_file);
    in.flag("needs_tls", out.needs_tls);
    in.duration("timeout", out.timeout_s, {1, 600});
    if (in.has("server") && !in.has("from")) {
        in.fault("from", "missing: mail needs a sender");
    }
    if (out.user.empty() != out.password_file.empty()) {
        in.fault(out.user.empty() ? "user" : "password_file",
                 "missing: authentication needs both a user and a password");
    }
    if (!out.user.empty() && !out.needs_tls && out.server.starts_with("smtp://")) {
        in.fault("needs_tls", "missing: a password goes over TLS only");
    }
}

void read_reports(Reader& in, Reports& out) {
    ReportRules& rules = out.rules;
    in.flag("enabled", out.enabled);
    in.duration("batch", rules.batch_seconds, {0, kDay});
    in.number("batch_max", rules.batch_max, {1, kBatchMax});
    in.number("messages_per_day", rules.messages_per_day, {1, kMessagesMax});
    in.durations("retries", rules.retry_seconds, {1, 30 * kDay});
    in.flag("allow_private", out.allow_private);
    if (rules.retry_seconds.size() > kRetriesMax) {
        in.fault("retries",
                 fmt::format("{} retries: at most {}", rules.retry_seconds.size(), kRetriesMax));
    }
}

}  // namespace fairlist::config
