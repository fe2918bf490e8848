#include "importer/formats/host_name.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"
#include "importer/formats/words.h"

#include <expected>
#include <string_view>
#include <utility>

namespace fairlist::importer {

namespace {

Result<void> take_line(std::string_view line, RecordSink& sink) {
    std::string_view rest = trim(line);
    if (rest.empty() || rest.front() == '#' || rest.front() == ';') {
        return {};
    }
    const std::string_view text = take_word(rest);
    if (!rest.empty() && rest.front() != '#' && rest.front() != ';') {
        return fail(Errc::Malformed, "text behind the name: expected one name a line");
    }
    auto name = parse_host_name(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    Record record;
    record.subject = std::move(*name);
    sink.accept(record);
    return {};
}

}  // namespace

Result<void> parse_domains(Input& input, const FormatOptions&, RecordSink& sink) {
    return for_each_line(input, sink, [&](std::string_view line) { return take_line(line, sink); });
}

}  // namespace fairlist::importer
