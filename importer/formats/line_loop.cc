#include "importer/formats/line_loop.h"

#include "importer/formats/excerpt.h"

#include <fmt/format.h>

#include <expected>

namespace fairlist::importer {

bool reject_line(const Input& input, const Line& line, const Error& why, RecordSink& sink) {
    return sink.reject({input.name(), line.number, excerpt(line.text), why.message});
}

std::unexpected<Error> too_many_rejected(const Input& input) {
    return fail(Errc::OutOfRange,
                fmt::format("{}: more lines were rejected than the feed allows", input.name()));
}

Result<void> check_line(const Line& line) {
    switch (line.fault) {
        case LineFault::None:
            return {};
        case LineFault::TooLong:
            return fail(Errc::OutOfRange,
                        fmt::format("line longer than {} KiB", kLineBytesMax / 1024));
        case LineFault::HasNul:
            break;
    }
    return fail(Errc::Malformed, "NUL byte: expected text");
}

}  // namespace fairlist::importer
