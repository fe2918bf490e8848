// The daemon's main thread once it answers: signals in, reloads and status lines out.
#pragma once

#include "server/app/command_line.h"
#include "server/app/daemon.h"
#include "server/app/signals.h"

namespace fairlist::app {

// Returns after SIGTERM or SIGINT, when everything that had come in is answered.
void run_until_stopped(Daemon& daemon, const CommandLine& command_line, const Signals& signals);

}  // namespace fairlist::app
