#include "importer/formats/csv_row.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"
#include "importer/formats/record_fields.h"
#include "importer/formats/words.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

namespace {

using Columns = std::vector<std::optional<FieldName>>;

// Without a header: "start,end,name" when the second column is an address too, else in the order
// subject, code, reason, expires.
Columns columns_by_first_row(const CsvRow& row) {
    if (parse_address(row.field(0)) && parse_address(row.field(1))) {
        return {FieldName::Subject, FieldName::End, FieldName::Reason};
    }
    return {FieldName::Subject, FieldName::Code, FieldName::Reason, FieldName::Expires};
}

class CsvLines {
  public:
    CsvLines(const FormatOptions& options, RecordSink& sink) : options_(options), sink_(sink) {}

    Result<void> take(std::string_view line) {
        const std::string_view text = trim(line);
        if (text.empty() || text.front() == '#' || text.front() == ';') {
            return {};
        }
        if (const auto split = row_.split(text); !split) {
            return split;
        }
        if (columns_.empty()) {
            columns_ = columns_by_header();
            if (!columns_.empty()) {
                return {};
            }
            columns_ = columns_by_first_row(row_);
        }
        RecordFields fields;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (columns_[i]) {
                set_field(fields, *columns_[i], row_.field(i));
            }
        }
        return accept_fields(fields, options_, sink_);
    }

  private:
    // Empty when the row names no subject, so that it is no header.
    [[nodiscard]] Columns columns_by_header() const {
        Columns columns;
        bool has_subject = false;
        for (const std::string& field : row_.fields()) {
            columns.push_back(field_name(field));
            has_subject |= columns.back() == FieldName::Subject;
        }
        return has_subject ? columns : Columns{};
    }

    const FormatOptions& options_;
    RecordSink& sink_;
    CsvRow row_;
    Columns columns_;
};

}  // namespace

Result<void> parse_csv(Input& input, const FormatOptions& options, RecordSink& sink) {
    CsvLines lines(options, sink);
    return for_each_line(input, sink, [&](std::string_view line) { return lines.take(line); });
}

}  // namespace fairlist::importer
