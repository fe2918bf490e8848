// Service: the daemon from its start to its end, or until another program takes over its sockets.
#pragma once

#include "server/app/command_line.h"
#include "server/app/signals.h"
#include "server/app/successor.h"
#include "server/config/config.h"

namespace fairlist::app {

// Returns after SIGTERM or SIGINT. Errors: it could not start.
[[nodiscard]] Result<void> serve(const CommandLine& command_line, const config::Config& config,
                                 const Signals& signals, const Successor& successor);

// fairlistd --rehearse: what serve() does up to the first answer, with the sockets of the parent
// process. Reads from none of them.
[[nodiscard]] Result<void> rehearse(const config::Config& config);

}  // namespace fairlist::app
