#include "server/shown/json_values.h"
#include "tools/fairlist/rules_trial.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace fairlist::cli {

namespace {

namespace json = boost::json;

std::string number_or_dash(std::uint64_t number) {
    return number == 0 ? "-" : grouped(number);
}

std::string limits_text(const rules::SimulationTotals& totals) {
    if (totals.hits_left_out == 0 && totals.listings_left_out == 0) {
        return "";
    }
    return fmt::format("more than a dry run keeps: {} and {} are left out; try a shorter --since\n",
                       counted(totals.hits_left_out, "hit"),
                       counted(totals.listings_left_out, "listing"));
}

json::object row_object(const TrialRow& row) {
    using namespace json_values;
    return {{"comparison", text(to_string(row.comparison))},
            {"list", text(row.list)},
            {"subject", text(to_string(row.subject))},
            {"rule", text(row.rule)},
            {"opened", time(row.opened)},
            {"until", time(row.until)},
            {"hits", row.hits},
            {"traps", number_or_null(row.traps)},
            {"steps", texts(row.steps)},
            {"listing", number_or_null(row.listing)}};
}

}  // namespace

std::string trial_text(const Trial& trial) {
    Table table({{"COMPARED"},
                 {"LIST"},
                 {"SUBJECT"},
                 {"OPENED"},
                 {"UNTIL"},
                 {"HITS", true},
                 {"TRAPS", true},
                 {"RULE"},
                 {"LISTING", true}});
    for (const TrialRow& row : trial.rows) {
        table.add({std::string(to_string(row.comparison)), row.list, to_string(row.subject),
                   to_string(row.opened), to_string(row.until), grouped(row.hits),
                   number_or_dash(row.traps), row.rule,
                   row.listing == 0 ? "-" : fmt::format("{}", row.listing)});
    }
    const auto count = [&](Comparison comparison) {
        return std::ranges::count(trial.rows, comparison, &TrialRow::comparison);
    };
    return (table.empty() ? "" : table.text()) +
           fmt::format("{} since {}: {} new, {} same, {} not listed by these rules; {} refused\n",
                       counted(trial.totals.hits, "hit"), to_string(trial.since),
                       count(Comparison::New), count(Comparison::Same),
                       count(Comparison::NotListed), counted(trial.totals.refused, "decision")) +
           limits_text(trial.totals);
}

std::string trial_json(const Trial& trial) {
    using namespace json_values;
    return document(json::object{{"since", time(trial.since)},
                                 {"hits", trial.totals.hits},
                                 {"counted", trial.totals.counted},
                                 {"refused", trial.totals.refused},
                                 {"hits_left_out", trial.totals.hits_left_out},
                                 {"listings_left_out", trial.totals.listings_left_out},
                                 {"listings", array_of(trial.rows, row_object)}});
}

}  // namespace fairlist::cli
