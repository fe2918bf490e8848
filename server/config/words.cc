#include "server/config/words.h"

#include "listing/model/address.h"
#include "listing/model/domain.h"
#include "server/config/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <expected>

namespace fairlist::config {

namespace {

bool parse_port(std::string_view digits, std::uint16_t& port) noexcept {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return error == std::errc{} && end == digits.data() + digits.size();
}

bool is_host_label(std::string_view label) noexcept {
    return !label.starts_with('-') && !label.ends_with('-') &&
           std::ranges::all_of(label, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

bool is_all_digits(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<Listener> bad_listener(std::string_view text, std::uint16_t port) {
    return fail(Errc::Malformed,
                fmt::format("{0}: expected an address and a port, such as \"192.0.2.1:{1}\" or "
                            "\"[2001:db8::1]:{1}\" (all addresses: \"0.0.0.0:{1}\", "
                            "\"[::]:{1}\")",
                            quote(text), port));
}

}  // namespace

Result<Listener> parse_listener(std::string_view text, std::uint16_t default_port) {
    std::string_view host = text;
    std::string_view port;
    const bool has_port =
        text.starts_with('[') ? !text.ends_with(']') : std::ranges::count(text, ':') == 1;
    if (has_port) {
        const std::size_t colon = text.rfind(':');
        if (colon == std::string_view::npos) {
            return bad_listener(text, default_port);
        }
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const auto address = parse_address(host);
    Listener listener{"", default_port};
    if (!address || (has_port && !parse_port(port, listener.port))) {
        return bad_listener(text, default_port);
    }
    listener.address = to_string(*address);
    return listener;
}

Result<std::string> parse_host_name(std::string_view text) {
    const auto name = parse_domain(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    std::string_view rest = name->text();
    std::string_view label;
    while (!rest.empty()) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        label = rest.substr(0, dot);
        if (!is_host_label(label)) {
            return fail(
                Errc::Malformed,
                fmt::format("{}: a host name has letters, digits and hyphens only", quote(text)));
        }
        rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    // No top-level domain is a number, so this is an address or a part of one.
    if (is_all_digits(label)) {
        return fail(Errc::Malformed,
                    fmt::format("{}: expected a host name, not an address", quote(text)));
    }
    return name->text();
}

Result<std::string> parse_mailbox(std::string_view text) {
    if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
        std::string dotted(text);
        dotted[at] = '.';
        return fail(Errc::Malformed,
                    fmt::format("{}: written as a domain name: {}", quote(text), quote(dotted)));
    }
    const auto name = parse_domain(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    return name->text();
}

bool is_path(std::string_view source) noexcept {
    return source.find("://") == std::string_view::npos && !source.starts_with("file:");
}

Result<std::string> parse_source(std::string_view text) {
    const bool is_clean = !text.empty() && std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    if (!is_clean) {
        return fail(Errc::Malformed, fmt::format("{}: expected a URL or a path", quote(text)));
    }
    if (is_path(text) || text.starts_with("file:/")) {
        return std::string(text);
    }
    const bool is_http = text.starts_with("https://") || text.starts_with("http://");
    const std::string_view rest = is_http ? text.substr(text.find("://") + 3) : std::string_view();
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    if (!is_http) {
        return fail(
            Errc::Malformed,
            fmt::format("{}: expected https://..., http://..., file:/... or a path", quote(text)));
    }
    if (host.empty() || text.find(' ') != std::string_view::npos) {
        return fail(Errc::Malformed,
                    fmt::format("{}: expected a host after \"//\", and no blanks", quote(text)));
    }
    return std::string(text);
}

Result<std::string> parse_selection_term(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
        return fail(Errc::Malformed, fmt::format("{}: expected attribute=value, such as "
                                                 "\"service=EC2\"",
                                                 quote(text)));
    }
    return std::string(text);
}

}  // namespace fairlist::config
