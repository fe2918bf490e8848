#include "importer/formats/csv_row.h"
#include "importer/formats/excerpt.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"
#include "importer/formats/record_fields.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <array>
#include <expected>
#include <string>
#include <string_view>

namespace fairlist::importer {

namespace {

bool is_country(std::string_view text) noexcept {
    const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    return text.empty() || (text.size() == 2 && is_letter(text[0]) && is_letter(text[1]));
}

// RFC 8805 section 2.1.1: prefix, country, region, city, postal code; the last is not to be used.
class GeofeedLines {
  public:
    GeofeedLines(const FormatOptions& options, RecordSink& sink)
        : options_(options),
          sink_(sink),
          fills_reason_(names_attribute(options.reason, kGeofeedAttributes)) {}

    Result<void> take(std::string_view line) {
        const std::string_view text = trim(line);
        if (text.empty() || text.front() == '#') {
            return {};
        }
        if (const auto split = row_.split(text); !split) {
            return split;
        }
        const auto prefix = parse_prefix(row_.field(0), options_.allow_host_bits);
        if (!prefix) {
            return std::unexpected(prefix.error());
        }
        if (!is_country(row_.field(1))) {
            return fail(Errc::Malformed, fmt::format("country \"{}\": expected two letters "
                                                     "(RFC 8805 section 2.1.1.2)",
                                                     excerpt(row_.field(1))));
        }
        const std::array<Attribute, 3> attributes = {
            {{"country", row_.field(1)}, {"region", row_.field(2)}, {"city", row_.field(3)}}};
        if (!options_.select.wants(attributes)) {
            return {};
        }
        Record record;
        record.subject = *prefix;
        if (fills_reason_) {
            reason_ = fill_attributes(options_.reason, attributes);
            if (const auto checked = check_reason_text(reason_); !checked) {
                return checked;
            }
            record.reason = reason_;
        }
        sink_.accept(record);
        return {};
    }

  private:
    const FormatOptions& options_;
    RecordSink& sink_;
    bool fills_reason_;
    CsvRow row_;
    std::string reason_;
};

}  // namespace

Result<void> parse_geofeed(Input& input, const FormatOptions& options, RecordSink& sink) {
    GeofeedLines lines(options, sink);
    return for_each_line(input, sink, [&](std::string_view line) { return lines.take(line); });
}

}  // namespace fairlist::importer
