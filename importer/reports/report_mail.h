// Report mail: the abuse report that a mail is, if it is one.
#pragma once

#include "importer/mail/mail_record.h"
#include "importer/reports/report.h"
#include "listing/base/result.h"

#include <optional>

namespace fairlist::importer {

// Nothing: the mail is no report. A mail that is both takes XARF, which says more, and from ARF
// what that lacks; unless one of the two refuses. The reporter is who the report names, else the
// domain of From. Errors: as parse_arf() and parse_xarf().
[[nodiscard]] std::optional<Result<AbuseReport>> report_of(const MailRecord& record);

}  // namespace fairlist::importer
