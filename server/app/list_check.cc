#include "server/app/list_check.h"

#include "listing/store/registry.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

namespace fairlist::app {

Result<void> check_lists(const config::Config& config, store::Environment& environment,
                         UnknownList unknown) {
    const store::ReadTxn txn(environment);
    for (const ListSpec& list : config.lists) {
        const auto known = store::find_list(txn, list.name);
        if (known && known->kind != list.kind) {
            return fail(Errc::Conflict,
                        fmt::format("list \"{}\": the store holds {} entries, the configuration "
                                    "says {}; give the new list another name",
                                    list.name, to_string(known->kind), to_string(list.kind)));
        }
        const bool is_used = std::ranges::any_of(config.zones, [&](const ZoneSpec& zone) {
            return std::ranges::find(zone.lists, list.name) != zone.lists.end();
        });
        if (known || !is_used) {
            continue;
        }
        const std::string message = fmt::format(
            "list \"{}\": the store does not know it; if it is new and not "
            "misspelt, make it known with \"fairlist init\"",
            list.name);
        if (unknown == UnknownList::Refuse) {
            return fail(Errc::NotFound, message);
        }
        spdlog::warn("{}: until then its zones answer SERVFAIL", message);
    }
    return {};
}

Result<std::unique_ptr<store::Environment>> open_store(const config::Config& config, StoreUse use) {
    return store::open_environment({.path = config.store.path,
                                    .map_bytes = config.store.map_size_mib << 20U,
                                    .readers_max = config.store.readers_max,
                                    .create = false,
                                    .read_only = use == StoreUse::Read});
}

}  // namespace fairlist::app
