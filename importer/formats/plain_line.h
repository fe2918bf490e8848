// PlainLine: a line that holds one whole IPv4 address, or one with a length, and nothing else: most
// of the lines of a large file are such.
#pragma once

#include "listing/model/prefix.h"

#include <cstddef>
#include <string_view>

namespace fairlist::importer {

// Reads one off the front of `text` and returns its bytes with the line end. 0 when it cannot tell
// by this narrow grammar (no leading blanks, at most three digits, no host bits, LF or CRLF) or the
// line is near the end of `text`: then the format's own parser has to look.
[[nodiscard]] std::size_t take_plain_line(std::string_view text, Prefix& prefix) noexcept;

}  // namespace fairlist::importer
