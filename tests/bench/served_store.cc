#include "tests/bench/served_store.h"

#include "server/app/settings_maker.h"

#include <stdexcept>
#include <utility>

namespace fairlist::bench {

ServedStore::ServedStore(const std::filesystem::path& config_file, StoreAccess access) {
    config::Loaded loaded = config::load(config_file);
    if (!loaded.faults.empty()) {
        throw std::runtime_error(to_string(loaded.faults.front()));
    }
    config_ = std::move(loaded.config);
    auto opened = store::open_environment({.path = config_.store.path,
                                           .map_bytes = config_.store.map_size_mib << 20U,
                                           .readers_max = config_.store.readers_max,
                                           .read_only = access == StoreAccess::Read});
    if (!opened) {
        throw std::runtime_error(opened.error().message);
    }
    environment_ = std::move(*opened);
}

std::shared_ptr<const net::Settings> ServedStore::settings() {
    auto made = app::SettingsMaker(*environment_, 1).make(config_);
    if (!made) {
        throw std::runtime_error(made.error().message);
    }
    return *std::move(made);
}

}  // namespace fairlist::bench
