// Site JSON: the shapes of lists, zones, feeds and the audit log, as fairlist(1) documents them.
#pragma once

#include "importer/import_report.h"
#include "listing/manager/manager.h"
#include "listing/store/audit_chain.h"
#include "server/config/config.h"
#include "zones/zone.h"

#include <boost/json/object.hpp>

namespace fairlist {

[[nodiscard]] boost::json::object list_object(const ListStatus& list, const config::Config& config);
[[nodiscard]] boost::json::object zone_object(const ZoneSpec& zone);
[[nodiscard]] boost::json::object audit_object(const store::AuditRecord& record);
[[nodiscard]] boost::json::object feed_state_object(const FeedState& feed);
// Adds what an import came to.
void put_report(boost::json::object& out, const importer::ImportReport& report);

}  // namespace fairlist
