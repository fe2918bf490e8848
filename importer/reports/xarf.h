// XARF: abuse reports in JSON, versions 3 (as of abusix/xarf and as of xarf/xarf-spec) and 4.
#pragma once

#include "importer/reports/report.h"
#include "listing/base/result.h"

#include <string_view>

namespace fairlist::importer {

// Whether the text claims to be a report, readable or not: many a mail has other JSON attached.
[[nodiscard]] bool looks_like_xarf(std::string_view json) noexcept;

// What of it has no known name is passed over. Errors: Malformed (JSON, a member of a wrong type or
// missing, another version), OutOfRange (longer than a mail record keeps). No message quotes more
// than a version or what stands in place of the source.
[[nodiscard]] Result<AbuseReport> parse_xarf(std::string_view json);

}  // namespace fairlist::importer
