#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace fairlist::cli {

ExitStatus run_zones(Session& session) {
    const auto config = session.config();
    if (!config) {
        return session.report(config.error());
    }
    const std::vector<ZoneSpec>& zones = (*config)->zones;
    if (session.json()) {
        print(zones_json(zones));
        return ExitStatus::Done;
    }
    Table table({{"ZONE"}, {"TTL", true}, {"LISTS"}, {"NAME SERVERS"}});
    for (const ZoneSpec& zone : zones) {
        table.add({zone.origin ? zone.origin->text() : "-", format_duration(zone.ttl_seconds),
                   fmt::format("{}", fmt::join(zone.lists, ",")),
                   fmt::format("{}", fmt::join(zone.name_servers, " "))});
    }
    print(table.text());
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
