#include "importer/reports/mail_fields.h"

#include "importer/formats/words.h"

#include <algorithm>
#include <cstddef>

namespace fairlist::importer {

namespace {

std::string_view take_line(std::string_view& rest) noexcept {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

// `in_field`: a folded line belongs to the last of `fields`. Requires: the line is not empty.
void add_line(std::string_view line, std::vector<MailField>& fields, bool& in_field) {
    if (is_blank(line.front())) {
        const std::string_view text = trim(line);
        if (in_field && !text.empty()) {
            std::string& value = fields.back().value;
            value.append(value.empty() ? "" : " ").append(text);
        }
        return;
    }
    const std::size_t colon = line.find(':');
    in_field = colon != std::string_view::npos && colon != 0;
    if (in_field) {
        fields.push_back(
            {lower(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
    }
}

}  // namespace

std::vector<MailField> cut_fields(std::string_view text) {
    std::vector<MailField> fields;
    bool in_field = false;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (!line.empty()) {
            add_line(line, fields, in_field);
        } else if (!fields.empty()) {
            break;
        }
    }
    return fields;
}

std::string without_comments(std::string_view value) {
    std::string out;
    std::size_t depth = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '(') {
            ++depth;
        } else if (value[i] == ')' && depth > 0) {
            --depth;
        } else if (depth > 0) {
            i += value[i] == '\\' ? 1U : 0U;
        } else {
            out += value[i];
        }
    }
    return std::string(trim(out));
}

}  // namespace fairlist::importer
