// Canonical form: the one spelling of an e-mail address or URL that is hashed.
#pragma once

#include "listing/base/result.h"

#include <string>
#include <string_view>

namespace fairlist::cli {

// Lower case, the tag from "+" on removed, the domain as A-labels; for gmail.com and googlemail.com
// the dots of the local part removed and the domain gmail.com. So do the receivers that ask e-mail
// hash lists.
[[nodiscard]] Result<std::string> canonical_email(std::string_view text);

// "host/path": without scheme, user, port, query and fragment; the host in lower case without a
// trailing dot, the path normalised as RFC 3986 section 6.2.2 says and "/" when empty. Without a
// scheme http is taken.
[[nodiscard]] Result<std::string> canonical_url(std::string_view text);

}  // namespace fairlist::cli
