// Contact: how somebody is reached: a mail address, or a page.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlist {

inline constexpr std::size_t kUrlBytesMax = 255;

// "local@domain": RFC 5321 section 4.1.2 without quoted strings and address literals; at most 254
// bytes (section 4.5.3.1.3). The domain in its canonical form. Errors: Malformed.
[[nodiscard]] Result<std::string> parse_mailbox(std::string_view text);

// An https URL with a host, of printable ASCII, without user information, of at most kUrlBytesMax.
// Errors: Malformed.
[[nodiscard]] Result<std::string> parse_https_url(std::string_view text);

}  // namespace fairlist
