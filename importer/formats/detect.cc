#include "importer/formats/detect.h"

#include "importer/formats/csv_row.h"
#include "importer/formats/excerpt.h"
#include "importer/formats/host_name.h"
#include "importer/formats/rbldnsd_file.h"
#include "importer/formats/record_fields.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>

namespace fairlist::importer {

namespace {

// More lines say nothing new.
constexpr std::size_t kLinesLookedAt = 300;

enum class Shape : std::uint8_t { Unknown, Rbldnsd, Cidr, Csv, Geofeed, Domains, Hosts };
constexpr std::array<std::string_view, 7> kShapeFormats = {"",        "rbldnsd", "cidr", "csv",
                                                           "geofeed", "domains", "hosts"};

struct JsonMark {
    std::string_view member;
    std::string_view format;
};
constexpr std::array kJsonMarks = std::to_array<JsonMark>({
    {"\"ip_prefix\"", "aws"},
    {"\"ipv6_prefix\"", "aws"},
    {"\"ipv4Prefix\"", "gcp"},
    {"\"ipv6Prefix\"", "gcp"},
    {"\"addressPrefixes\"", "azure"},
    {"\"cidrs\"", "oracle"},
});

std::string_view json_format(std::string_view head) noexcept {
    for (const JsonMark& mark : kJsonMarks) {
        if (head.find(mark.member) != std::string_view::npos) {
            return mark.format;
        }
    }
    const std::string_view first_line = trim(head.substr(0, head.find('\n')));
    return first_line.starts_with('{') && first_line.ends_with('}') ? "jsonl" : "";
}

bool is_number(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_comment_or_empty(std::string_view text) noexcept {
    return text.empty() || text.front() == '#' || text.front() == ';';
}

bool is_range(std::string_view word) {
    const std::size_t dash = word.find('-');
    return dash != std::string_view::npos && parse_address(word.substr(0, dash)) &&
           parse_address(word.substr(dash + 1));
}

bool is_sink(std::string_view word) noexcept {
    return word == "0.0.0.0" || word == "127.0.0.1" || word == "::" || word == "::1";
}

Shape shape_of_row(std::string_view text) {
    CsvRow row;
    if (!row.split(text)) {
        return Shape::Unknown;
    }
    const bool is_prefix = parse_prefix(row.field(0), true).has_value();
    const std::string_view second = row.field(1);
    const bool is_country = second.empty() || (second.size() == 2 && !is_number(second));
    return is_prefix && is_country && row.fields().size() >= 4 ? Shape::Geofeed : Shape::Csv;
}

// `word` is an address, prefix or range, `rest` what follows it.
Shape shape_of_address_line(std::string_view word, std::string_view rest) {
    if (is_sink(word) && !rest.empty() && parse_host_name(take_word(rest))) {
        return Shape::Hosts;
    }
    const bool is_plain = is_comment_or_empty(rest) || is_number(rest) || rest.starts_with("- ");
    return is_plain ? Shape::Cidr : Shape::Rbldnsd;
}

Shape shape_of_line(std::string_view text) {
    std::string_view special;
    if (is_rbldnsd_special(text, special)) {
        const bool is_keyword = !special.empty() && !is_blank(special.front());
        return is_keyword ? Shape::Rbldnsd : Shape::Unknown;
    }
    if (is_comment_or_empty(text)) {
        return Shape::Unknown;
    }
    if (text.front() == '!' ||
        (text.front() == ':' && text.size() > 1 && is_number(text.substr(1, 1)))) {
        return Shape::Rbldnsd;
    }
    std::string_view rest = text;
    const std::string_view word = take_word(rest);
    const std::string_view subject = word.substr(0, word.find_first_of(";#"));
    if (parse_prefix(subject, true) || is_range(subject)) {
        return shape_of_address_line(subject, subject.size() == word.size() ? rest : "");
    }
    if (text.find(',') != std::string_view::npos) {
        return shape_of_row(text);
    }
    const std::string_view short_form = word.substr(0, word.find_first_of(":;#"));
    if (parse_rbldnsd_ip4(short_form, Ip4Syntax::Set, true) || parse_rbldnsd_ip6(word, true)) {
        return Shape::Rbldnsd;
    }
    if (parse_host_name(word) && word.find('.') != std::string_view::npos) {
        return is_comment_or_empty(rest) ? Shape::Domains : Shape::Rbldnsd;
    }
    return Shape::Unknown;
}

// What rbldnsd alone writes decides; otherwise what most lines look like.
Shape shape_of(std::string_view head) {
    std::array<std::size_t, kShapeFormats.size()> votes{};
    for (std::size_t lines = 0; lines < kLinesLookedAt && !head.empty(); ++lines) {
        const std::size_t newline = head.find('\n');
        const Shape shape = shape_of_line(trim(head.substr(0, newline)));
        ++votes[static_cast<std::size_t>(shape)];
        head = newline == std::string_view::npos ? std::string_view{} : head.substr(newline + 1);
    }
    votes[0] = 0;
    const auto csv = static_cast<std::size_t>(Shape::Csv);
    const auto rbldnsd = static_cast<std::size_t>(Shape::Rbldnsd);
    if (votes[rbldnsd] != 0 && votes[csv] == 0) {
        return Shape::Rbldnsd;
    }
    return static_cast<Shape>(std::ranges::max_element(votes) - votes.begin());
}

std::unexpected<Error> unknown(std::string_view name, std::string_view head) {
    const std::string_view start = trim(head.substr(head.find_first_not_of(" \t\r\n")));
    if (start.starts_with('<')) {
        return fail(Errc::NotFound,
                    fmt::format("{}: looks like a web page or XML, not like a feed", name));
    }
    return fail(Errc::NotFound,
                fmt::format("{}: cannot tell the format from the content (\"{}\"): name it with "
                            "format",
                            name, excerpt(start.substr(0, start.find('\n')))));
}

std::string_view plainest(ListKind kind) noexcept {
    switch (kind) {
        case ListKind::Address:
            return "cidr";
        case ListKind::Domain:
            return "domains";
        case ListKind::Hash:
            break;
    }
    return "csv";
}

}  // namespace

Result<const Format*> detect_format(std::string_view head, std::string_view name, ListKind kind) {
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return find_format(plainest(kind));
    }
    const char start = head[first];
    std::string_view format;
    if (start == '{' || start == '[') {
        format = json_format(head.substr(first));
    } else if (start != '<') {
        format = kShapeFormats[static_cast<std::size_t>(shape_of(head))];
    }
    if (!format.empty()) {
        return find_format(format);
    }
    const bool only_comments = start == '#' || start == ';';
    return only_comments ? find_format(plainest(kind)) : unknown(name, head);
}

}  // namespace fairlist::importer
