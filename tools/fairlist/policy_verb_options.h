// Policy verb options: the verbs of mail policies and their options, declared to CLI11.
#pragma once

#include "tools/fairlist/verb_options.h"

namespace fairlist::cli {

// Requires: `run` outlives `app`.
void declare_policy_verbs(CLI::App& app, Run& run);

}  // namespace fairlist::cli
