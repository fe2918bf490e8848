// Header block: the headers of a message, as bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace fairlist::importer {

// What stands before the first empty line; all of it when there is none.
[[nodiscard]] std::string_view header_block(std::string_view message) noexcept;

// The front of at most `bytes_max` bytes, so that the last header in it is whole: half a Received
// line would name another server than the whole does.
[[nodiscard]] std::string_view whole_headers(std::string_view block,
                                             std::size_t bytes_max) noexcept;

}  // namespace fairlist::importer
