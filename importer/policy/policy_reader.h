// Policy readers: the two forms of a mail policy, each into a collector.
#pragma once

#include "importer/policy/policy_collector.h"

#include <string_view>

namespace fairlist::importer {

void read_policy_json(std::string_view text, PolicyCollector& out);
// The header row names the columns, in any order. Comment lines begin with #.
void read_policy_csv(std::string_view text, PolicyCollector& out);

// Whether the line is a header row: it names at least one of the columns.
[[nodiscard]] bool has_policy_columns(std::string_view line);

}  // namespace fairlist::importer
