// The ports file: which ports were chosen, for whoever has asked for port 0.
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace fairlist::app {

// {"udp": [40123], "tcp": [40123]}, one of each for every listener in the order of the
// configuration. Appears whole, once the daemon answers. Errors: Io.
[[nodiscard]] Result<void> write_ports_file(const std::filesystem::path& file,
                                            const std::vector<std::uint16_t>& ports);

}  // namespace fairlist::app
