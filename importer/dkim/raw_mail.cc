#include "importer/dkim/raw_mail.h"

#include <algorithm>

namespace fairlist::importer {

namespace {

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

// RFC 5322 section 3.6.8, with the white space before the colon of section 4.5.
std::optional<std::string_view> field_name(std::string_view line) noexcept {
    std::string_view name = line.substr(0, line.find(':'));
    if (name.size() == line.size()) {
        return {};
    }
    while (!name.empty() && is_blank(name.back())) {
        name.remove_suffix(1);
    }
    const bool printable = std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
    return name.empty() || !printable ? std::nullopt : std::optional(name);
}

// "From joe@example.com Mon Jan 1 ...", but not "From : joe@example.com".
std::string_view skip_mbox_line(std::string_view mail) noexcept {
    std::string_view rest = mail;
    const auto line = take_line(rest);
    return line && line->starts_with("From ") && !field_name(*line) ? rest : mail;
}

// From the begin of one view to the end of the other; both in the same text.
std::string_view span_of(std::string_view first, std::string_view last) noexcept {
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

void extend(RawField& field, std::string_view line) noexcept {
    field.whole = span_of(field.whole, line);
    field.value = span_of(field.value, line);
}

}  // namespace

std::optional<std::string_view> take_line(std::string_view& rest) noexcept {
    if (rest.empty()) {
        return {};
    }
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (end != std::string_view::npos && line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

Result<RawMail> split_mail(std::string_view mail) {
    RawMail out;
    std::string_view rest = skip_mbox_line(mail);
    while (const auto line = take_line(rest)) {
        if (line->empty()) {
            out.body = rest;
            return out;
        }
        if (is_blank(line->front()) && !out.fields.empty()) {
            extend(out.fields.back(), *line);
            continue;
        }
        const auto name = field_name(*line);
        if (!name) {
            return fail(Errc::Malformed, "a line of the mail's header is no header field");
        }
        if (out.fields.size() == kRawFieldsMax) {
            return fail(Errc::OutOfRange, "the mail has more than 2000 header fields");
        }
        out.fields.push_back({*name, *line, line->substr(line->find(':') + 1)});
    }
    return out;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, to_lower_ascii, to_lower_ascii);
}

}  // namespace fairlist::importer
