// UTF-8 line: whether a text may be shown as one line.
#pragma once

#include <cstddef>
#include <string_view>

namespace fairlist::importer {

// Well-formed UTF-8 (RFC 3629 section 4) without control characters (C0, DEL, C1).
[[nodiscard]] bool is_utf8_line(std::string_view text) noexcept;

// How many bytes of the front are well-formed UTF-8, control characters or not.
[[nodiscard]] std::size_t utf8_front(std::string_view text) noexcept;

}  // namespace fairlist::importer
