// Base64: the bytes behind b=, bh= and p=.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fairlist::importer {

using Bytes = std::vector<std::uint8_t>;

// RFC 4648 section 4 with its padding; white space may stand anywhere (RFC 6376 section 3.2).
// Errors: Malformed, also of more than `bytes_max` bytes. No message quotes the text.
[[nodiscard]] Result<Bytes> decode_base64(std::string_view text, std::size_t bytes_max);

}  // namespace fairlist::importer
