// Report JSON: what a provider was told, as the command line and the HTTP API give it.
#pragma once

#include "listing/model/provider_report.h"

#include <boost/json/object.hpp>

namespace fairlist {

[[nodiscard]] boost::json::object report_object(const ProviderReport& report);

}  // namespace fairlist
