// Intake verb options: the verbs of traps, hits, reports, tokens and figures, declared to CLI11.
#pragma once

#include "tools/fairlist/verb_options.h"

namespace fairlist::cli {

// Requires: `run` outlives `app`.
void declare_intake_verbs(CLI::App& app, Run& run);

}  // namespace fairlist::cli
