#include "tools/fairlist/shown_trap.h"

#include "server/shown/shown_hit.h"
#include "tools/fairlist/table.h"

#include <fmt/format.h>

#include <utility>

namespace fairlist::cli {

ShownTrap show_trap(const Trap& trap, bool in_full) {
    ShownTrap shown;
    shown.number = trap.number;
    shown.domain = trap.address.substr(trap.address.rfind('@') + 1);
    shown.weight = weight_text(trap.weight);
    shown.kind = trap.kind;
    shown.state = trap.state;
    shown.added = trap.added;
    shown.retired = trap.retired;
    if (in_full) {
        shown.secret = {trap.address, trap.note};
    }
    return shown;
}

std::string traps_table(const std::vector<ShownTrap>& traps) {
    const bool in_full = !traps.empty() && traps.front().secret;
    std::vector<Column> columns = {{"NUMBER", true}, {"DOMAIN"}, {"WEIGHT", true},
                                   {"KIND"},         {"STATE"},  {"ADDED"}};
    if (in_full) {
        columns.insert(columns.end(), {{"ADDRESS"}, {"NOTE"}});
    }
    Table table(std::move(columns));
    for (const ShownTrap& trap : traps) {
        std::vector<std::string> row = {fmt::format("{}", trap.number),
                                        trap.domain,
                                        trap.weight,
                                        std::string(to_string(trap.kind)),
                                        std::string(to_string(trap.state)),
                                        to_string(trap.added)};
        if (in_full) {
            row.insert(row.end(), {trap.secret->address, trap.secret->note});
        }
        table.add(std::move(row));
    }
    return table.text();
}

}  // namespace fairlist::cli
