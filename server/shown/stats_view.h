// Stats view: a table of figures with the names of its networks and lists, and what it comes to.
#pragma once

#include "importer/networks/network.h"
#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "listing/model/figure_table.h"
#include "listing/store/registry.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// --since and --until as UTC days: "30d" counts the last day. Errors name the option: Malformed,
// OutOfRange (ends before it begins).
[[nodiscard]] Result<DayRange> stats_range(const std::string& since, const std::string& until,
                                           Time now);

// "opened", "listed" and so on; nothing for another word.
[[nodiscard]] std::optional<FigureField> stats_field(std::string_view word) noexcept;
[[nodiscard]] std::string_view field_word(FigureField field) noexcept;

struct StatsRow {
    std::string label;  // "AS64500", "css"; of an unknown network "unknown"
    std::uint32_t asn = 0;
    std::string name;     // of the network; empty: not known
    std::string country;  // of the network; empty: not known
    FigureShare share;
};

// How few hold how much: the fewest that have half of all, at most kConcentrationMax.
struct Concentration {
    std::vector<StatsRow> rows;
    double percent = 0;  // that these have together
};
inline constexpr std::size_t kConcentrationMax = 5;

struct StatsView {
    FigureGroup by = FigureGroup::Networks;
    FigureField field = FigureField::Opened;
    DayRange range;
    std::string list;  // empty: all
    std::vector<StatsRow> rows;
    std::size_t other_groups = 0;
    FigureShare others;
    FigureShare all;
    Concentration concentration;
    std::string networks;  // the table that the names are from; empty: none
};

struct StatsQuery {
    FigureGroup by = FigureGroup::Networks;
    FigureField field = FigureField::Opened;
    DayRange range{};
    std::string list{};  // empty: all
    std::size_t rows_max = kFigureRowsDefault;
};

// `names`: of the store. Requires: the list is in them.
[[nodiscard]] StatsView view_stats(std::span<const FigureEntry> figures, const store::Names& names,
                                   const StatsQuery& query);

// The networks in the view, the unknown one left out.
[[nodiscard]] std::set<std::uint32_t> networks_in(const StatsView& view);
void name_networks(StatsView& view, const std::map<std::uint32_t, importer::Network>& networks);

// The figures have numbers alone, and a table is asked by address: those of listings. Of the first
// kNamingListingsMax listings; a network that none of them is in any more has no name.
[[nodiscard]] std::map<std::uint32_t, importer::Network> find_networks(
    Ledger& ledger, const importer::NetworkTable& table, std::set<std::uint32_t> wanted);
inline constexpr std::size_t kNamingListingsMax = 500'000;

}  // namespace fairlist
