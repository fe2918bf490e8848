#include "tools/fairlist/provider_report_json.h"

#include "server/shown/json_values.h"
#include "server/shown/report_json.h"

namespace fairlist::cli {

namespace json = boost::json;
using namespace json_values;

std::string reports_json(const ReportPage& page) {
    return document(json::object{{"reports", array_of(page.reports, report_object)},
                                 {"next", text_or_null(page.next)}});
}

std::string report_json(const ProviderReport& report) {
    return document(report_object(report));
}

std::string webhook_secret_json(const std::string& provider, const std::string& secret) {
    return document(json::object{{"provider", text(provider)}, {"secret", text(secret)}});
}

}  // namespace fairlist::cli
