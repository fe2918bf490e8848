// Stats output: a table of figures for people and for --json.
#pragma once

#include "server/shown/stats_view.h"

#include <string>

namespace fairlist::cli {

// "More than half of all new listings sit in two networks: AS64500 Example (32 %), ..."; empty
// where there is nothing to count. No line end.
[[nodiscard]] std::string concentration_text(const StatsView& view);

[[nodiscard]] std::string stats_text(const StatsView& view);
[[nodiscard]] std::string stats_json(const StatsView& view);

}  // namespace fairlist::cli
