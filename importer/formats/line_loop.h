// for_each_line: the loop that all line formats share.
#pragma once

#include "importer/formats/input.h"
#include "importer/formats/record_sink.h"
#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::importer {

// Tells the sink of the line; false when the sink wants no more.
[[nodiscard]] bool reject_line(const Input& input, const Line& line, const Error& why,
                               RecordSink& sink);

// What a parser returns after the sink wanted no more.
[[nodiscard]] std::unexpected<Error> too_many_rejected(const Input& input);

// The fault of the line as an error; success for a sound one.
[[nodiscard]] Result<void> check_line(const Line& line);

// Whole lines off the front of a text.
struct LinesTaken {
    std::size_t bytes = 0;
    std::uint64_t lines = 0;
};

// Calls `take(std::string_view) -> Result<void>` for every line. What it returns as an error is a
// rejected line, except Errc::Refused: that ends the file. Before each,
// `take_many(std::string_view)
// -> LinesTaken` may take, of what is in memory, as many good lines off the front as it likes.
template <typename TakeMany, typename Take>
Result<void> for_each_line(Input& input, RecordSink& sink, TakeMany&& take_many, Take&& take) {
    Line line;
    while (true) {
        const LinesTaken many = take_many(input.buffered());
        input.take_lines(many.bytes, many.lines);
        if (!input.next_line(line)) {
            return input.status();
        }
        Result<void> taken = check_line(line);
        if (taken) {
            taken = take(line.text);
        }
        if (taken) {
            continue;
        }
        if (taken.error().code == Errc::Refused) {
            return fail_in(input.name() + ": line " + std::to_string(line.number), taken.error());
        }
        if (!reject_line(input, line, taken.error(), sink)) {
            return too_many_rejected(input);
        }
    }
}

template <typename Take>
Result<void> for_each_line(Input& input, RecordSink& sink, Take&& take) {
    return for_each_line(
        input, sink, [](std::string_view) { return LinesTaken{}; }, std::forward<Take>(take));
}

}  // namespace fairlist::importer
