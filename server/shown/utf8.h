// UTF-8: text from feeds made fit for JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlist {

// The text with every byte that is no part of well-formed UTF-8 (RFC 3629 section 4) replaced by
// U+FFFD: JSON is UTF-8 (RFC 8259 section 8.1), while a reason may hold any bytes.
[[nodiscard]] std::string to_utf8(std::string_view text);

// The bytes of the character that `rest` begins with; 0 when it is ill-formed. Requires: not empty.
[[nodiscard]] std::size_t character_bytes(std::string_view rest) noexcept;

}  // namespace fairlist
