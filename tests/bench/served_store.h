// ServedStore: a configuration and its store, opened as fairlistd opens them.
#pragma once

#include "listing/store/environment.h"
#include "server/config/config.h"
#include "server/net/settings.h"

#include <filesystem>
#include <memory>

namespace fairlist::bench {

enum class StoreAccess : std::uint8_t { Read, Write };

// Throws std::runtime_error with the reason.
class ServedStore {
  public:
    ServedStore(const std::filesystem::path& config_file, StoreAccess access);

    [[nodiscard]] const config::Config& config() const noexcept { return config_; }
    [[nodiscard]] store::Environment& environment() noexcept { return *environment_; }
    // As for one worker.
    [[nodiscard]] std::shared_ptr<const net::Settings> settings();

  private:
    config::Config config_;
    std::unique_ptr<store::Environment> environment_;
};

}  // namespace fairlist::bench
