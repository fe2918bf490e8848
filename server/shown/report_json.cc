#include "server/shown/report_json.h"

#include "server/shown/json_values.h"

namespace fairlist {

namespace json = boost::json;
using namespace json_values;

json::object report_object(const ProviderReport& report) {
    const auto answer = [](const ReportAnswer& one) {
        return json::object{{"time", time(one.time)},
                            {"kind", text(to_string(one.kind))},
                            {"by", text(one.by)},
                            {"text", text(one.text)}};
    };
    return {{"report", report.id},
            {"provider", text(report.provider)},
            {"listing", report.listing},
            {"list", text(report.list)},
            {"subject", text(to_string(report.subject))},
            {"cause", text(to_string(report.cause))},
            {"state", text(to_string(report.state))},
            {"made", time(report.made)},
            {"due", time(report.due)},
            {"sent", time(report.sent)},
            {"tries", report.tries},
            {"channel", text_or_null(report.channel)},
            {"error", text_or_null(report.error)},
            {"answers", array_of(report.answers, answer)}};
}

}  // namespace fairlist
