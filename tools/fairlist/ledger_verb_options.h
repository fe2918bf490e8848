// Ledger verb options: the verbs of listings, their evidence and their rules, declared to CLI11.
#pragma once

#include "tools/fairlist/verb_options.h"

namespace fairlist::cli {

// Requires: `run` outlives `app`.
void declare_ledger_verbs(CLI::App& app, Run& run);

}  // namespace fairlist::cli
