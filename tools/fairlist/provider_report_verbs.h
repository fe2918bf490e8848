// Provider report verbs: what providers were told and answered, and the keys of their webhooks.
#pragma once

#include "tools/fairlist/verb_options.h"

namespace fairlist::cli {

// Below "fairlist provider": reports, answer, webhook-secret. Requires: `run` outlives the group.
void declare_report_verbs(CLI::App& provider_group, Run& run);

}  // namespace fairlist::cli
