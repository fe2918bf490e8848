// NetworkText: the parts of a Network as tables write them down.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::importer {

// "64500" or "AS64500", in any case; 0 is "not routed".
[[nodiscard]] Result<std::uint32_t> parse_asn(std::string_view text);

// "de" gives "DE"; what tables write for "not told" ("", "-", "None", "Unknown", "ZZ") gives "".
// Nothing when it is neither.
[[nodiscard]] std::optional<std::string> parse_country(std::string_view text);

// Each control character and each byte that is no UTF-8 (RFC 3629) as a question mark, cut between
// two characters to at most `bytes_max`.
[[nodiscard]] std::string tidy_text(std::string_view text, std::size_t bytes_max);

}  // namespace fairlist::importer
