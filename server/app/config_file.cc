#include "server/app/config_file.h"

#include "server/app/list_check.h"
#include "server/app/zone_loader.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <utility>

namespace fairlist::app {

std::optional<config::Config> load_or_print(const std::filesystem::path& file) {
    config::Loaded loaded = config::load(file);
    for (const config::Fault& fault : loaded.faults) {
        fmt::print(stderr, "{}\n", to_string(fault));
    }
    if (const std::size_t count = loaded.faults.size(); count != 0) {
        fmt::print(stderr, "{} error{}\n", count, count == 1 ? "" : "s");
        return std::nullopt;
    }
    return std::move(loaded.config);
}

std::optional<config::Config> load_or_log(const std::filesystem::path& file) {
    config::Loaded loaded = config::load(file);
    for (const config::Fault& fault : loaded.faults) {
        spdlog::error("{}", to_string(fault));
    }
    if (!loaded.faults.empty()) {
        return std::nullopt;
    }
    return std::move(loaded.config);
}

ExitStatus check(const std::filesystem::path& file) {
    const std::optional<config::Config> config = load_or_print(file);
    if (!config) {
        return ExitStatus::Failed;
    }
    if (const auto zones = answer::make_zone_table(zone_table_options(*config)); !zones) {
        fmt::print(stderr, "{}: {}\n", file.string(), zones.error().message);
        return ExitStatus::Failed;
    }
    if (const auto store = open_store(*config, StoreUse::Read); store) {
        if (const Result<void> good = check_lists(*config, **store, UnknownList::Warn); !good) {
            fmt::print(stderr, "{}: {}\n", file.string(), good.error().message);
            return ExitStatus::Failed;
        }
    } else if (store.error().code != Errc::NotFound) {
        fmt::print(stderr, "{}\n", store.error().message);
        return ExitStatus::Failed;
    }
    fmt::print("{}: no faults ({} lists, {} zones)\n", file.string(), config->lists.size(),
               config->zones.size());
    return ExitStatus::Done;
}

}  // namespace fairlist::app
