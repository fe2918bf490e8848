// Packed mail: a mail's bytes as one zstd frame (RFC 8878).
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

// A mail server refuses more; a mail that came around it is refused here.
inline constexpr std::size_t kMailBytesMax = std::size_t{64} << 20U;

// Requires: at most kMailBytesMax bytes.
[[nodiscard]] std::string pack_mail(std::string_view mail);
// Errors: Malformed (damaged, or not of `bytes` bytes).
[[nodiscard]] Result<std::string> unpack_mail(std::string_view packed, std::uint32_t bytes);

}  // namespace fairlist::importer
