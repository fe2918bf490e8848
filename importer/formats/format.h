// Format: one way to write a feed down, and the table of all of them.
#pragma once

#include "importer/formats/input.h"
#include "importer/formats/record_sink.h"
#include "importer/formats/selection.h"
#include "importer/formats/zone_facts.h"
#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/list.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::importer {

struct FormatOptions {
    ListKind kind = ListKind::Address;  // of the list that the entries go to
    bool allow_host_bits = false;
    bool foreign_codes = false;  // as ListSpec::foreign_codes
    Selection select;
    // The feed's reason. When it names attributes of the format ("{service}"), each record gets it
    // with those filled in.
    std::string reason;
    Time now;                    // what $TIMESTAMP is held against
    ZoneFacts* facts = nullptr;  // filled in when not null
};

// Reads the whole input. Errors: Malformed (the document as a whole), Refused (the file says of
// itself that it must not be used), OutOfRange (too large, or the sink wants no more rejections),
// and those of the input.
using ParseFunction = Result<void> (*)(Input& input, const FormatOptions& options,
                                       RecordSink& sink);

struct Format {
    std::string_view name;
    ParseFunction parse;
    std::optional<ListKind> kind;                  // the only kind of list it can fill; none: any
    std::span<const std::string_view> attributes;  // what `select` and the reason may name
    std::string_view what;                         // one line for people
};

[[nodiscard]] std::span<const Format> formats() noexcept;

// Error: NotFound, with the names there are.
[[nodiscard]] Result<const Format*> find_format(std::string_view name);

// Parses with `format`, or, when that is null, with what the content looks like. `used` tells the
// one chosen.
[[nodiscard]] Result<void> parse_input(Input& input, const Format* format,
                                       const FormatOptions& options, RecordSink& sink,
                                       const Format** used = nullptr);

}  // namespace fairlist::importer
