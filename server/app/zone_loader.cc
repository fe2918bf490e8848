#include "server/app/zone_loader.h"

#include "server/answer/view.h"
#include "server/app/self_check.h"

#include <spdlog/spdlog.h>

#include <expected>
#include <utility>

namespace fairlist::app {

namespace {

// In a table of its own and without access rules: what is checked is the data, not the client.
Result<void> check_zone(const config::Config& config, ZoneSpec zone,
                        store::Environment& environment) {
    zone.access.clear();
    answer::ZoneTableOptions options{
        .lists = config.lists, .zones = {std::move(zone)}, .version = {}, .nsid = {}};
    const auto table = answer::make_zone_table(options);
    if (!table) {
        return std::unexpected(table.error());
    }
    answer::View view(environment, *table);
    view.begin(now());
    Result<void> checked = check_test_points((*table)->zones().front(), view);
    view.end();
    return checked;
}

}  // namespace

answer::ZoneTableOptions zone_table_options(const config::Config& config) {
    return {.lists = config.lists,
            .zones = config.zones,
            .version = config.server.version,
            .nsid = config.server.nsid};
}

Result<std::shared_ptr<const answer::ZoneTable>> load_zones(const config::Config& config,
                                                            store::Environment& environment) {
    answer::ZoneTableOptions options = zone_table_options(config);
    std::erase_if(options.zones, [&](const ZoneSpec& zone) {
        const Result<void> checked = check_zone(config, zone, environment);
        if (!checked) {
            spdlog::error("zone \"{}\" is not served: {}", zone.origin->text(),
                          checked.error().message);
        }
        return !checked.has_value();
    });
    if (options.zones.empty()) {
        return fail(Errc::Refused, "no zone is left to serve");
    }
    return answer::make_zone_table(options);
}

}  // namespace fairlist::app
