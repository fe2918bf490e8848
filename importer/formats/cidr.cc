#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"
#include "importer/formats/record_fields.h"
#include "importer/formats/selection.h"
#include "importer/formats/words.h"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace fairlist::importer {

namespace {

// A TXT string holds no more (RFC 1035 section 3.3).
constexpr std::size_t kCommentBytesMax = 255;

// "1.10.16.0/20 ; SBL256894": the comment behind a semicolon is the reason, in DROP's manner.
std::string_view comment_reason(std::string_view rest) noexcept {
    const std::size_t mark = rest.find_first_of("#;");
    if (mark == std::string_view::npos || rest[mark] == '#') {
        return {};
    }
    return trim(rest.substr(mark + 1)).substr(0, kCommentBytesMax);
}

class CidrLines {
  public:
    CidrLines(const FormatOptions& options, RecordSink& sink) : options_(options), sink_(sink) {}

    Result<void> take(std::string_view line) {
        const std::string_view text = trim(line);
        if (text.empty() || text.front() == '#' || text.front() == ';') {
            return {};
        }
        const std::size_t end = text.find_first_of(" \t#;");
        std::string_view subject = text.substr(0, end);
        std::string_view rest =
            end == std::string_view::npos ? std::string_view{} : trim_left(text.substr(end));
        Record record;
        reason_ = as_template(comment_reason(rest));
        record.reason = reason_;
        if (const std::size_t dash = subject.find('-'); dash != std::string_view::npos) {
            return accept_range(subject.substr(0, dash), subject.substr(dash + 1), record, sink_);
        }
        if (rest.starts_with('-')) {
            rest = trim_left(rest.substr(1));
            return accept_range(subject, rest.substr(0, rest.find_first_of(" \t#;")), record,
                                sink_);
        }
        const auto prefix = parse_prefix(subject, options_.allow_host_bits);
        if (!prefix) {
            return std::unexpected(prefix.error());
        }
        record.subject = *prefix;
        sink_.accept(record);
        return {};
    }

  private:
    const FormatOptions& options_;
    RecordSink& sink_;
    std::string reason_;
};

}  // namespace

Result<void> parse_cidr(Input& input, const FormatOptions& options, RecordSink& sink) {
    CidrLines lines(options, sink);
    return for_each_line(input, sink, [&](std::string_view line) { return lines.take(line); });
}

}  // namespace fairlist::importer
