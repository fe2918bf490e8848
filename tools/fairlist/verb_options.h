// Verb options: the verbs and their options, declared to CLI11.
#pragma once

#include "tools/fairlist/exit_status.h"

#include <functional>

namespace CLI {
class App;
}

namespace fairlist::cli {

class Session;

// Set to the verb that was given, with its options.
using Run = std::function<ExitStatus(Session&)>;

// Requires: `run` outlives `app`.
void declare_verbs(CLI::App& app, Run& run);

}  // namespace fairlist::cli
