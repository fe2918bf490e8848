// Report time: the forms in which reports and sensors write a time.
#pragma once

#include "listing/base/time.h"

#include <optional>
#include <string_view>

namespace fairlist::importer {

// The date of a mail (RFC 5322 section 3.3, obsolete zones as well), with or without comments. Not
// set: no date, or one before 1970 or after 2106.
[[nodiscard]] std::optional<Time> parse_mail_date(std::string_view text);

// RFC 3339 section 5.6, with any offset; fractions of a second are cut off. Not set: as above, and
// leap seconds.
[[nodiscard]] std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace fairlist::importer
