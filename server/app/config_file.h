// The configuration as the daemon reads it: every fault told, or none.
#pragma once

#include "server/app/command_line.h"
#include "server/config/config.h"

#include <optional>

namespace fairlist::app {

// Prints every fault to standard error; nothing when there is one.
[[nodiscard]] std::optional<config::Config> load_or_print(const std::filesystem::path& file);

// The same for a running daemon: faults go to the log.
[[nodiscard]] std::optional<config::Config> load_or_log(const std::filesystem::path& file);

// fairlistd --check: also compiles the zones. Needs no store.
[[nodiscard]] ExitStatus check(const std::filesystem::path& file);

}  // namespace fairlist::app
