// Rules text: what the trap rules in force say, a line each, so that a change of them can be shown.
#pragma once

#include "listing/manager/audit_note.h"
#include "listing/model/trap_rule.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// "css: list css, target address, 3 hits of 2 traps in 1d, lifetimes 1d 3d 7d 30d, reset 180d".
[[nodiscard]] std::string rule_text(const TrapRule& rule);
// One line for each rule, in their order.
[[nodiscard]] std::string rules_text(const std::vector<TrapRule>& rules);

// What the audit log says of a change of them; nothing when both are the same.
[[nodiscard]] std::optional<AuditNote> rules_note(std::string_view before, std::string_view after);

}  // namespace fairlist
