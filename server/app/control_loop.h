// The daemon's main thread once it answers: signals in, reloads and status lines out.
#pragma once

#include "server/app/command_line.h"
#include "server/app/services.h"
#include "server/app/signals.h"
#include "server/app/successor.h"

#include <cstdint>

namespace fairlist::app {

enum class Ending : std::uint8_t {
    Stop,      // SIGTERM, SIGINT
    HandOver,  // SIGUSR2, after a rehearsal that went well
};

// Returns with all of it still running.
[[nodiscard]] Ending run_until_ended(Services& services, const CommandLine& command_line,
                                     const Signals& signals, const Successor& successor);

}  // namespace fairlist::app
