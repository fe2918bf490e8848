// Excerpt: outside text made fit for a message or a terminal.
#pragma once

#include <string>
#include <string_view>

namespace fairlist::importer {

inline constexpr std::size_t kExcerptBytesMax = 120;

// At most kExcerptBytesMax bytes, the last three of them dots when it was cut; all but printable
// ASCII as \xNN.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace fairlist::importer
