// for_each_line: the loop that all line formats share.
#pragma once

#include "importer/formats/input.h"
#include "importer/formats/record_sink.h"
#include "listing/base/result.h"

#include <expected>
#include <string>
#include <string_view>

namespace fairlist::importer {

// Tells the sink of the line; false when the sink wants no more.
[[nodiscard]] bool reject_line(const Input& input, const Line& line, const Error& why,
                               RecordSink& sink);

// What a parser returns after the sink wanted no more.
[[nodiscard]] std::unexpected<Error> too_many_rejected(const Input& input);

// The fault of the line as an error; success for a sound one.
[[nodiscard]] Result<void> check_line(const Line& line);

// Calls `take(std::string_view) -> Result<void>` for every line. What it returns as an error is a
// rejected line, except Errc::Refused: that ends the file.
template <typename Take>
Result<void> for_each_line(Input& input, RecordSink& sink, Take&& take) {
    Line line;
    while (input.next_line(line)) {
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
    return input.status();
}

}  // namespace fairlist::importer
