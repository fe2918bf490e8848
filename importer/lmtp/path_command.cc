#include "importer/lmtp/path_command.h"

#include "importer/lmtp/envelope_text.h"

#include <algorithm>
#include <charconv>

namespace fairlist::importer {

namespace {

constexpr std::size_t kSizeDigitsMax = 20;  // RFC 1870 section 3

// Where the ">" is that ends the path: one inside a quoted string (RFC 5321 section 4.1.2) does
// not. npos: none, or a character that must be quoted.
std::size_t find_path_end(std::string_view path) {
    bool quoted = false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (quoted && c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == '>') {
            return i;
        } else if (!quoted && (c == ' ' || c == '<')) {
            return std::string_view::npos;
        }
    }
    return std::string_view::npos;
}

// Takes "FROM:<...>" and the blanks behind it off the front; gives what is between the brackets.
Result<std::string_view> take_path(std::string_view& arguments, std::string_view keyword) {
    if (!same_keyword(arguments.substr(0, keyword.size()), keyword) ||
        !arguments.substr(keyword.size()).starts_with('<')) {
        return fail(Errc::Malformed, "an address in brackets expected behind the colon");
    }
    arguments.remove_prefix(keyword.size() + 1);
    const std::size_t end = find_path_end(arguments);
    if (end == std::string_view::npos) {
        return fail(Errc::Malformed, "an address without its closing bracket");
    }
    std::string_view path = arguments.substr(0, end);
    arguments.remove_prefix(end + 1);
    if (!take_argument(arguments).empty()) {
        return fail(Errc::Malformed, "text behind the closing bracket");
    }
    // A source route is accepted and ignored (RFC 5321 appendix C).
    if (path.starts_with('@')) {
        const std::size_t colon = path.find(':');
        if (colon == std::string_view::npos) {
            return fail(Errc::Malformed, "a source route without an address");
        }
        path.remove_prefix(colon + 1);
    }
    return path;
}

Result<std::uint64_t> parse_size(std::string_view digits) {
    const bool well_formed =
        !digits.empty() && digits.size() <= kSizeDigitsMax &&
        std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!well_formed) {
        return fail(Errc::OutOfRange, "SIZE expects up to 20 digits");
    }
    std::uint64_t size = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    return parsed.ec == std::errc() ? size : UINT64_MAX;
}

// Which parameters of MAIL were given, to find a second one.
struct Given {
    bool size = false;
    bool body = false;
    bool utf8 = false;
};

bool take_turn(bool& given) {
    return !std::exchange(given, true);
}

Result<void> apply_parameter(MailCommand& mail, Given& given, std::string_view parameter) {
    const std::string_view name = parameter.substr(0, parameter.find('='));
    const bool has_value = name.size() < parameter.size();
    const std::string_view value = parameter.substr(name.size() + (has_value ? 1 : 0));
    bool first = true;
    bool good = true;
    if (same_keyword(name, "SIZE")) {
        first = take_turn(given.size);
        const auto size = parse_size(value);
        if (!size) {
            return std::unexpected(size.error());
        }
        mail.size = *size;
    } else if (same_keyword(name, "BODY")) {
        first = take_turn(given.body);
        good = same_keyword(value, "7BIT") || same_keyword(value, "8BITMIME");
    } else if (same_keyword(name, "SMTPUTF8")) {
        first = take_turn(given.utf8);
        good = !has_value;
    } else {
        return fail(Errc::Refused, "a parameter that was not offered");
    }
    if (!first || !good) {
        return fail(Errc::OutOfRange, first ? "a parameter's value" : "a parameter given twice");
    }
    return {};
}

}  // namespace

Result<MailCommand> parse_mail(std::string_view arguments) {
    const auto path = take_path(arguments, "FROM:");
    if (!path) {
        return std::unexpected(path.error());
    }
    MailCommand mail;
    mail.sender = *path;
    Given given;
    while (!arguments.empty()) {
        if (const auto applied = apply_parameter(mail, given, take_argument(arguments)); !applied) {
            return std::unexpected(applied.error());
        }
    }
    return mail;
}

Result<std::string> parse_rcpt(std::string_view arguments) {
    const auto path = take_path(arguments, "TO:");
    if (!path) {
        return std::unexpected(path.error());
    }
    if (path->empty() || path->size() > kRecipientBytesMax) {
        return fail(Errc::Malformed, "an address of 1 to 254 bytes expected");
    }
    if (!arguments.empty()) {
        return fail(Errc::Refused, "a parameter that was not offered");
    }
    return std::string(*path);
}

}  // namespace fairlist::importer
