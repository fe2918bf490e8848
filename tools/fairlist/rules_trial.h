// Rules trial: what rules would have listed by stored hits, next to what the ledger did list.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "listing/model/list.h"
#include "listing/model/space.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/simulation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

enum class Comparison : std::uint8_t {
    Same,      // these rules and the ledger list it, at one time at least
    New,       // only these rules do
    NotListed  // only a rule of the ledger did
};
// Stable: "same", "new", "not-listed".
[[nodiscard]] std::string_view to_string(Comparison comparison) noexcept;

struct TrialRow {
    Comparison comparison = Comparison::Same;
    std::string list;
    Subject subject;
    std::string rule;
    Time opened;
    Time until;                      // not set: stays
    std::uint64_t hits = 0;          // that were counted for it
    std::uint64_t traps = 0;         // different ones among its evidence; of NotListed not told
    std::vector<std::string> steps;  // of the opening
    std::uint64_t listing = 0;       // the ledger's; 0: none
};

struct Trial {
    Time since;
    std::vector<TrialRow> rows;  // in the order of opening, those of NotListed behind
    rules::SimulationTotals totals;
};

// Requires: `space` and `ledger` outlive the call. Errors: NotFound (a rule's list is not among
// `lists`).
struct TrialRequest {
    const std::vector<ListSpec>& lists;
    const std::vector<TrapRule>& rules;
    const AddressSpace& space;
    Time since;
    Time now;
    rules::Simulation::Adjust adjust{};  // by the standing of providers; not set: none
};
[[nodiscard]] Result<Trial> try_rules(Ledger& ledger, const TrialRequest& request);

[[nodiscard]] std::string trial_text(const Trial& trial);
[[nodiscard]] std::string trial_json(const Trial& trial);

}  // namespace fairlist::cli
