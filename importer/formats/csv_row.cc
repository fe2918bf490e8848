#include "importer/formats/csv_row.h"

#include "importer/formats/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>

namespace fairlist::importer {

// Fills the current field; returns how much of `rest` it took, both quotes included.
Result<std::size_t> CsvRow::take_quoted(std::string_view rest) {
    std::string& field = fields_[count_ - 1];
    std::size_t at = 1;
    while (true) {
        const std::size_t quote = rest.find('"', at);
        if (quote == std::string_view::npos) {
            return fail(Errc::Malformed, "quoted field without its closing quote on the line");
        }
        field += rest.substr(at, quote - at);
        if (!rest.substr(quote + 1).starts_with('"')) {
            return quote + 1;
        }
        field += '"';
        at = quote + 2;
    }
}

Result<void> CsvRow::split(std::string_view line) {
    count_ = 0;
    std::string_view rest = line;
    while (true) {
        if (count_ == kCsvFieldsMax) {
            return fail(Errc::OutOfRange, fmt::format("more than {} fields", kCsvFieldsMax));
        }
        if (fields_.size() == count_) {
            fields_.emplace_back();
            begins_.emplace_back();
        }
        rest = trim_left(rest);
        begins_[count_] = line.size() - rest.size();
        fields_[count_++].clear();
        std::size_t end = 0;
        if (rest.starts_with('"')) {
            const auto taken = take_quoted(rest);
            if (!taken) {
                return std::unexpected(taken.error());
            }
            rest = trim_left(rest.substr(*taken));
            if (!rest.empty() && rest.front() != ',') {
                return fail(Errc::Malformed, "text behind the closing quote of a field");
            }
        } else {
            end = std::min(rest.find(','), rest.size());
            fields_[count_ - 1] = trim(rest.substr(0, end));
        }
        if (end == rest.size()) {
            return {};
        }
        rest.remove_prefix(end + 1);
    }
}

}  // namespace fairlist::importer
