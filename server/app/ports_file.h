// The ports file: which ports were chosen, for whoever has asked for port 0.
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace fairlist::app {

// One for every listener in the order of the configuration.
struct Ports {
    std::vector<std::uint16_t> dns{};  // UDP and TCP have the same
    std::vector<std::uint16_t> lmtp{};
    std::vector<std::uint16_t> http{};
};

// {"udp": [40123], "tcp": [40123], "lmtp": [], "http": []}. Appears whole, once the daemon answers.
// Errors: Io.
[[nodiscard]] Result<void> write_ports_file(const std::filesystem::path& file, const Ports& ports);

}  // namespace fairlist::app
