#include "server/http/target.h"

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <ranges>
#include <utility>

namespace fairlist::http {

namespace {

namespace urls = boost::urls;

std::string text_of(urls::string_view view) {
    return {view.data(), view.size()};
}

bool has_dot_segment(std::string_view path) {
    return std::ranges::any_of(std::views::split(path, '/'), [](const auto& segment) {
        // "%2e" is a dot as well (RFC 3986 section 6.2.2.2).
        const Result<std::string> text = decode(std::string_view(segment.begin(), segment.end()));
        return !text || *text == "." || *text == "..";
    });
}

Result<Target> checked(Target target) {
    if (has_dot_segment(target.path)) {
        return fail(Errc::Malformed,
                    "the path has a dot segment, a control character or too long a segment");
    }
    return target;
}

Result<Target> from_absolute_form(std::string_view text) {
    const auto url = urls::parse_absolute_uri(text);
    if (!url || !url->has_authority() || url->has_userinfo() ||
        (url->scheme_id() != urls::scheme::http && url->scheme_id() != urls::scheme::https)) {
        return fail(Errc::Malformed, "the request target is neither a path nor an http URL");
    }
    std::string path = text_of(url->encoded_path());
    // Boost.URL 1.81 takes "http://a:8v/" for the port 8 and the path "v/".
    if (!path.empty() && !path.starts_with('/')) {
        return fail(Errc::Malformed, "the request target has no port before its path");
    }
    return checked(
        {.path = path.empty() ? "/" : std::move(path), .query = text_of(url->encoded_query())});
}

// Requires: a string that Boost.URL has checked, so that every percent sign has its two digits.
Result<std::string> decode_checked(const urls::pct_string_view& text) {
    if (text.decoded_size() > kValueBytesMax) {
        return fail(Errc::OutOfRange, "a value is longer than 1024 bytes");
    }
    std::string decoded = text.decode();
    const auto is_control = [](char c) {
        return (c >= 0 && c < ' ') || c == '\x7F';
    };
    if (std::ranges::any_of(decoded, is_control)) {
        return fail(Errc::Malformed, "a value has a control character");
    }
    return decoded;
}

bool is_allowed(std::span<const std::string> allowed, const std::string& key) {
    return std::ranges::find(allowed, key) != allowed.end();
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
    if (text == "*") {
        return Target{.path = "*", .query = ""};
    }
    if (!text.starts_with('/')) {
        return from_absolute_form(text);
    }
    const auto url = urls::parse_origin_form(text);
    if (!url) {
        return fail(Errc::Malformed, "the request target is not a path as RFC 3986 has it");
    }
    return checked({.path = text_of(url->encoded_path()), .query = text_of(url->encoded_query())});
}

bool is_host(std::string_view text) noexcept {
    const auto authority = urls::parse_authority(text);
    return authority && !authority->has_userinfo() && !authority->encoded_host().empty();
}

Result<std::string> decode(std::string_view text) {
    const auto checked_text = urls::make_pct_string_view(text);
    if (!checked_text) {
        return fail(Errc::Malformed, "a percent sign lacks its two hexadecimal digits");
    }
    return decode_checked(*checked_text);
}

Result<Values> read_query(std::string_view query, std::span<const std::string> allowed) {
    Values values;
    if (query.empty()) {
        return values;
    }
    const auto params = urls::parse_query(query);
    if (!params) {
        return fail(Errc::Malformed, "the query is not one as RFC 3986 has it");
    }
    if (params->size() > kQueryKeysMax) {
        return fail(Errc::OutOfRange, "the query has more than 32 keys");
    }
    for (const auto& param : *params) {
        const Result<std::string> key = decode_checked(param.key);
        Result<std::string> value = decode_checked(param.value);
        if (!key || !value) {
            return std::unexpected(key ? value.error() : key.error());
        }
        if (!is_allowed(allowed, *key)) {
            return fail(Errc::Malformed, "the query has a key that this route does not know");
        }
        if (!values.emplace(*key, *std::move(value)).second) {
            return fail(Errc::Malformed, "the query has a key twice");
        }
    }
    return values;
}

}  // namespace fairlist::http
