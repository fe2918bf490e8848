// Standing verb: `fairlist provider standing`: how a provider is judged, and why.
#pragma once

#include "tools/fairlist/verb_options.h"

namespace fairlist::cli {

// Below the group `provider`. Requires: `run` outlives the group.
void declare_standing_verb(CLI::App& provider_group, Run& run);

}  // namespace fairlist::cli
