// Provider report JSON: what --json gives of reports to providers.
#pragma once

#include "listing/manager/report_book.h"

#include <string>

namespace fairlist::cli {

[[nodiscard]] std::string reports_json(const ReportPage& page);
[[nodiscard]] std::string report_json(const ProviderReport& report);
[[nodiscard]] std::string webhook_secret_json(const std::string& provider,
                                              const std::string& secret);

}  // namespace fairlist::cli
