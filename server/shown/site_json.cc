#include "server/shown/site_json.h"

#include "listing/manager/audit_checkpoint.h"
#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace fairlist {

namespace json = boost::json;
using namespace json_values;

json::object list_object(const ListStatus& list, const config::Config& config) {
    json::array zones;
    for (const ZoneSpec& zone : config.zones) {
        if (zone.origin && std::ranges::find(zone.lists, list.spec.name) != zone.lists.end()) {
            zones.emplace_back(text(zone.origin->text()));
        }
    }
    return json::object{{"name", text(list.spec.name)},
                        {"kind", text(to_string(list.spec.kind))},
                        {"match", text(to_string(list.spec.match))},
                        {"code", code(list.spec.code)},
                        {"ttl_seconds", seconds_or_null(list.spec.ttl_seconds)},
                        {"reason", text(list.spec.reason)},
                        {"description", text(list.spec.description)},
                        {"entries", list.entries},
                        {"exemptions", list.exemptions},
                        {"zones", zones}};
}

json::object zone_object(const ZoneSpec& zone) {
    return json::object{{"zone", text(zone.origin ? zone.origin->text() : "")},
                        {"lists", texts(zone.lists)},
                        {"name_servers", texts(zone.name_servers)},
                        {"ttl_seconds", zone.ttl_seconds},
                        {"negative_ttl_seconds", zone.soa.minimum_seconds}};
}

json::object audit_object(const store::AuditRecord& record) {
    json::array details;
    for (const auto& [name, value] : record.details) {
        details.push_back(json::object{{"name", text(name)}, {"value", text(value)}});
    }
    return json::object{{"number", record.number},       {"time", time(record.time)},
                        {"actor", text(record.actor)},   {"from", text(record.from)},
                        {"action", text(record.action)}, {"why", text(record.why)},
                        {"details", std::move(details)}, {"previous", to_hex(record.previous)},
                        {"hash", to_hex(record.hash)}};
}

json::object feed_state_object(const FeedState& feed) {
    return {{"name", text(feed.name)},
            {"version", feed.version},
            {"entries", feed.entries},
            {"imported", time(feed.imported)},
            {"checked", time(feed.checked)},
            {"data_end", time(feed.data_end)},
            {"digest", text_or_null(feed.digest)},
            {"held", feed.held},
            {"held_why", text_or_null(feed.held_why)},
            {"rolled_back", feed.rolled_back},
            {"last_error", text_or_null(feed.last_error)}};
}

void put_report(json::object& out, const importer::ImportReport& report) {
    out["version"] = report.version;
    out["format"] = text_or_null(report.format);
    out["held_why"] = text_or_null(report.held_why);
    out["added"] = report.plan.added;
    out["changed"] = report.plan.changed;
    out["removed"] = report.plan.removed;
    out["unchanged"] = report.plan.unchanged;
    out["before"] = report.plan.total_before;
    out["after"] = report.plan.total_after;
    out["lines"] = report.lines;
    out["records"] = report.records;
    out["expired"] = report.expired;
    out["data_end"] = time(report.facts.data_end);
    out["rejected"] = report.rejected;
    out["rejections"] = array_of(report.rejections, [](const importer::Rejection& rejection) {
        return json::object{{"file", text(rejection.file)},
                            {"line", rejection.line},
                            {"text", text(rejection.text)},
                            {"why", text(rejection.why)}};
    });
    out["refused"] = report.refused;
    out["refusals"] = array_of(report.refusals, [](const importer::Refusal& refusal) {
        return json::object{{"subject", text(refusal.subject)}, {"why", text(refusal.why)}};
    });
}

}  // namespace fairlist
