#include "importer/checks/spf_record.h"

#include "listing/model/address.h"
#include "listing/model/prefix.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::string_view kVersion = "v=spf1";

struct NamedMechanism {
    std::string_view name;
    SpfMechanism mechanism;
};
constexpr std::array<NamedMechanism, 8> kMechanisms = {{{"all", SpfMechanism::All},
                                                        {"include", SpfMechanism::Include},
                                                        {"a", SpfMechanism::A},
                                                        {"mx", SpfMechanism::Mx},
                                                        {"ptr", SpfMechanism::Ptr},
                                                        {"ip4", SpfMechanism::Ip4},
                                                        {"ip6", SpfMechanism::Ip6},
                                                        {"exists", SpfMechanism::Exists}}};

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::unexpected<Error> bad(std::string_view term, std::string_view why) {
    std::string shown(term.substr(0, 80));
    std::ranges::replace_if(shown, [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return fail(Errc::Malformed, fmt::format("term \"{}\": {}", shown, why));
}

bool is_name(std::string_view text) noexcept {
    const auto is_alpha = [](char c) {
        return lower(c) >= 'a' && lower(c) <= 'z';
    };
    return !text.empty() && is_alpha(text.front()) && std::ranges::all_of(text, [&](char c) {
        return is_alpha(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

// Letters that stand in the text of an explanation only, in no name (section 7.2).
bool is_for_text(char letter) noexcept {
    return letter == 'c' || letter == 'r' || letter == 't';
}

// A macro-string: visible characters, and well-formed macros (section 7.1).
bool is_macro_string(std::string_view text, bool is_name) {
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c < 0x21 || c > 0x7E) {
            return false;
        }
        if (c != '%') {
            continue;
        }
        if (text.empty()) {
            return false;
        }
        const char next = text.front();
        text.remove_prefix(1);
        if (next == '{') {
            const auto macro = take_macro(text);
            if (!macro || (is_name && is_for_text(macro->letter))) {
                return false;
            }
        } else if (next != '%' && next != '_' && next != '-') {
            return false;
        }
    }
    return true;
}

// Ends in a label that is no number, or in a macro (section 7.1).
bool is_domain_spec(std::string_view text) {
    if (text.empty() || !is_macro_string(text, true)) {
        return false;
    }
    if (text.back() == '}') {
        return true;
    }
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos) {
        return false;
    }
    const std::string_view top = text.substr(dot + 1);
    const auto is_alnum = [](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
    };
    return !top.empty() && is_alnum(top.front()) && is_alnum(top.back()) &&
           std::ranges::all_of(top, [&](char c) { return is_alnum(c) || c == '-'; }) &&
           !std::ranges::all_of(top, [](char c) { return c >= '0' && c <= '9'; });
}

// Without leading zeros, up to `most`.
std::optional<unsigned> read_length(std::string_view text, unsigned most) {
    unsigned value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() ||
        value > most || (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    return value;
}

// Takes the digits at the end, and what stands before them. False: there are none behind it.
bool take_tail(std::string_view& text, std::string_view before, std::string_view& digits) {
    const std::size_t last = text.find_last_not_of("0123456789");
    const std::size_t first = last == std::string_view::npos ? 0 : last + 1;
    if (first == text.size() || !text.substr(0, first).ends_with(before)) {
        return false;
    }
    digits = text.substr(first);
    text.remove_suffix(digits.size() + before.size());
    return true;
}

// Takes "/24", "//64" or "/24//64" (dual-cidr-length) off the end; a domain-spec may hold a slash
// itself (section 7.1). False: no length that an address has.
bool take_lengths(std::string_view& text, SpfDirective& out) {
    std::string_view digits;
    if (take_tail(text, "//", digits)) {
        const auto v6 = read_length(digits, 128);
        if (!v6) {
            return false;
        }
        out.v6_length = *v6;
    }
    if (take_tail(text, "/", digits)) {
        const auto v4 = read_length(digits, 32);
        if (!v4) {
            return false;
        }
        out.v4_length = *v4;
    }
    return true;
}

// Of ip4 and ip6: the network with its length.
bool take_network(std::string_view text, SpfDirective& out) {
    const bool is_v4 = out.mechanism == SpfMechanism::Ip4;
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    // ::ffff:192.0.2.1 is written as IPv6.
    const bool has_colon = text.substr(0, slash).find(':') != std::string_view::npos;
    if (!address || has_colon == is_v4) {
        return false;
    }
    if (slash != std::string_view::npos) {
        const auto length = read_length(text.substr(slash + 1), is_v4 ? 32 : 128);
        if (!length) {
            return false;
        }
        (is_v4 ? out.v4_length : out.v6_length) = *length;
    }
    out.domain = text.substr(0, slash);
    return true;
}

Result<SpfDirective> parse_directive(std::string_view term) {
    SpfDirective out;
    std::string_view rest = term;
    if (std::string_view("+-~?").find(rest.front()) != std::string_view::npos) {
        out.qualifier = static_cast<SpfQualifier>(rest.front());
        rest.remove_prefix(1);
    }
    const std::size_t end = std::min(rest.find_first_of(":/"), rest.size());
    const std::string name = lowered(rest.substr(0, end));
    const auto* const found = std::ranges::find(kMechanisms, name, &NamedMechanism::name);
    if (found == kMechanisms.end()) {
        return bad(term, "no mechanism of SPF");
    }
    out.mechanism = found->mechanism;
    rest.remove_prefix(end);
    const bool has_value = rest.starts_with(':');
    if (has_value) {
        rest.remove_prefix(1);
    }
    switch (out.mechanism) {
        case SpfMechanism::All:
            return rest.empty() && !has_value ? Result<SpfDirective>(out)
                                              : bad(term, "\"all\" has no value");
        case SpfMechanism::Ip4:
        case SpfMechanism::Ip6:
            return has_value && take_network(rest, out) ? Result<SpfDirective>(out)
                                                        : bad(term, "expected a network");
        case SpfMechanism::A:
        case SpfMechanism::Mx: {
            // A macro may hold a slash as its delimiter: lengths stand behind the last "}".
            const std::size_t brace = rest.rfind('}');
            const std::size_t head = brace == std::string_view::npos ? 0 : brace + 1;
            std::string_view tail = rest.substr(head);
            if (!take_lengths(tail, out)) {
                return bad(term, "expected a length such as /24 or //64");
            }
            rest = rest.substr(0, head + tail.size());
            break;
        }
        default:
            break;
    }
    const bool needs_value =
        out.mechanism == SpfMechanism::Include || out.mechanism == SpfMechanism::Exists;
    if ((needs_value || has_value) ? !is_domain_spec(rest) : !rest.empty()) {
        return bad(term, "expected a domain name");
    }
    out.domain = rest;
    return out;
}

// redirect=, exp=, and others, which mean nothing to us (section 6).
Result<void> take_modifier(std::string_view term, std::size_t equals, SpfRecord& record,
                           bool& has_exp) {
    const std::string name = lowered(term.substr(0, equals));
    const std::string_view value = term.substr(equals + 1);
    const bool is_known = name == "redirect" || name == "exp";
    if (is_known ? !is_domain_spec(value) : !is_macro_string(value, false)) {
        return bad(term, is_known ? "expected a domain name" : "a malformed macro");
    }
    if ((name == "redirect" && record.redirect) || (name == "exp" && has_exp)) {
        return bad(term, "it may stand once only");
    }
    has_exp = has_exp || name == "exp";
    if (name == "redirect") {
        record.redirect = std::string(value);
    }
    return {};
}

}  // namespace

std::optional<SpfMacro> take_macro(std::string_view& text) {
    SpfMacro macro;
    if (text.empty() ||
        std::string_view("slodiphcrtv").find(lower(text.front())) == std::string_view::npos) {
        return std::nullopt;
    }
    macro.letter = lower(text.front());
    macro.is_escaped = macro.letter != text.front();
    text.remove_prefix(1);
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
        ++digits;
    }
    if (digits > 0) {
        const auto read = std::from_chars(text.data(), text.data() + digits, macro.parts);
        // 128 labels are more than a name has (RFC 1035 section 2.3.4).
        if (digits > 3 || read.ec != std::errc{} || macro.parts == 0 || macro.parts > 128) {
            return std::nullopt;
        }
        text.remove_prefix(digits);
    }
    if (!text.empty() && lower(text.front()) == 'r') {
        macro.is_reversed = true;
        text.remove_prefix(1);
    }
    while (!text.empty() &&
           std::string_view(".-+,/_=").find(text.front()) != std::string_view::npos) {
        macro.delimiters += text.front();
        text.remove_prefix(1);
    }
    if (text.empty() || text.front() != '}') {
        return std::nullopt;
    }
    text.remove_prefix(1);
    return macro;
}

bool is_spf(std::string_view text) noexcept {
    if (text.size() < kVersion.size()) {
        return false;
    }
    for (std::size_t i = 0; i < kVersion.size(); ++i) {
        if (lower(text[i]) != kVersion[i]) {
            return false;
        }
    }
    return text.size() == kVersion.size() || text[kVersion.size()] == ' ';
}

Result<SpfRecord> parse_spf(std::string_view text) {
    if (text.size() > kSpfBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("a record of {} bytes: at most {} are read",
                                                  text.size(), kSpfBytesMax));
    }
    SpfRecord record;
    bool has_exp = false;
    std::string_view rest = text.substr(kVersion.size());
    for (std::size_t terms = 0; !rest.empty(); ++terms) {
        const std::size_t begin = rest.find_first_not_of(' ');
        if (begin == std::string_view::npos) {
            break;
        }
        if (terms == kSpfTermsMax) {
            return fail(Errc::OutOfRange, fmt::format("more than {} terms", kSpfTermsMax));
        }
        const std::size_t end = std::min(rest.find(' ', begin), rest.size());
        const std::string_view term = rest.substr(begin, end - begin);
        rest.remove_prefix(end);
        const std::size_t equals = term.find_first_of("=:/%");
        if (equals != std::string_view::npos && term[equals] == '=' &&
            is_name(term.substr(0, equals))) {
            if (const auto good = take_modifier(term, equals, record, has_exp); !good) {
                return std::unexpected(good.error());
            }
            continue;
        }
        auto directive = parse_directive(term);
        if (!directive) {
            return std::unexpected(directive.error());
        }
        record.directives.push_back(std::move(*directive));
    }
    return record;
}

}  // namespace fairlist::importer
