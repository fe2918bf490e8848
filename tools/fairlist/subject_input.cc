#include "tools/fairlist/subject_input.h"

#include "importer/formats/host_name.h"

#include <fmt/format.h>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist::cli {

namespace {

constexpr std::size_t kLineBytesMax = 1024;

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view kBlank = " \t\r";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

Result<void> read_lines(std::istream& in, std::string_view for_many,
                        std::vector<SubjectText>& out) {
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (number > kSubjectLinesMax) {
            return fail(Errc::OutOfRange,
                        fmt::format("stdin: more than {} lines; use \"{}\" for so many",
                                    kSubjectLinesMax, for_many));
        }
        if (line.size() > kLineBytesMax) {
            return fail(Errc::Malformed,
                        fmt::format("stdin:{}: longer than {} bytes", number, kLineBytesMax));
        }
        const std::string_view text = trimmed(std::string_view(line).substr(0, line.find('#')));
        if (!text.empty()) {
            out.push_back({std::string(text), fmt::format("stdin:{}", number)});
        }
    }
    return {};
}

Result<std::vector<Subject>> expand_range(std::string_view text, std::size_t dash) {
    const auto first = parse_address(trimmed(text.substr(0, dash)));
    const auto last = parse_address(trimmed(text.substr(dash + 1)));
    if (!first || !last) {
        return fail_in(fmt::format("range \"{}\"", text), (first ? last : first).error());
    }
    if (first->is_v4() != last->is_v4() || *last < *first) {
        return fail(
            Errc::Malformed,
            fmt::format("range \"{}\": expected FIRST-LAST of one family, the lower first", text));
    }
    const std::vector<Prefix> prefixes = split_range(*first, *last);
    return std::vector<Subject>(prefixes.begin(), prefixes.end());
}

}  // namespace

Result<std::vector<SubjectText>> gather_subjects(const std::vector<std::string>& arguments,
                                                 std::istream& in, std::string_view for_many) {
    std::vector<SubjectText> subjects;
    for (const std::string& argument : arguments) {
        if (argument != "-") {
            subjects.push_back({argument, ""});
        } else if (const auto read = read_lines(in, for_many, subjects); !read) {
            return std::unexpected(read.error());
        }
    }
    return subjects;
}

Result<std::vector<Subject>> expand_subject(ListKind kind, std::string_view text) {
    const std::size_t dash = text.find('-');
    if (kind == ListKind::Address && dash != std::string_view::npos) {
        return expand_range(text, dash);
    }
    auto subject = parse_subject(kind, text);
    if (!subject) {
        return std::unexpected(subject.error());
    }
    return std::vector<Subject>{std::move(*subject)};
}

}  // namespace fairlist::cli
