// ARF: the feedback report of a mailbox provider (RFC 5965).
#pragma once

#include "importer/reports/report.h"
#include "listing/base/result.h"

#include <string_view>

namespace fairlist::importer {

// `feedback`: the text of the message/feedback-report part. `original`: the headers of the reported
// mail, maybe none. Unknown fields are passed over; nobody is the reporter yet.
// Errors: Malformed (no feedback type, or several), OutOfRange (longer than a mail record keeps),
// Refused (of a type that accuses nobody: not-spam, opt-out, auth-failure).
[[nodiscard]] Result<AbuseReport> parse_arf(std::string_view feedback, std::string_view original);

}  // namespace fairlist::importer
