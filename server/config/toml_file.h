// TOML file: from the text of one file to Nodes; the only user of toml++.
#pragma once

#include "server/config/faults.h"
#include "server/config/node.h"

#include <optional>
#include <string>

namespace fairlist::config {

// A syntax error is one fault, at which reading ends: nothing is returned. Limits: 16 MiB a file,
// 8 KiB a line. Lifetime: `file` outlives the nodes.
[[nodiscard]] std::optional<Node> parse_toml(const std::string& text, const SourceFile& file,
                                             Faults& faults);

}  // namespace fairlist::config
