// Provider verb options: the verbs of providers and their options, declared to CLI11.
#pragma once

#include "tools/fairlist/verb_options.h"

namespace fairlist::cli {

// Requires: `run` outlives `app`.
void declare_provider_verbs(CLI::App& app, Run& run);

}  // namespace fairlist::cli
