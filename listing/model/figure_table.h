// FigureTable: who has how much of what the figures count, and whether it grows.
#pragma once

#include "listing/model/entry.h"
#include "listing/model/figures.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist {

enum class FigureGroup : std::uint8_t { Networks, Lists, Reasons };

inline constexpr std::size_t kFigureRowsDefault = 10;
// "Half of all listings sit in two networks."
inline constexpr std::size_t kConcentrationDefault = 2;

struct FigureQuery {
    FigureGroup by = FigureGroup::Networks;
    FigureField field = FigureField::Opened;
    DayRange range;
    std::optional<ListId> list;                         // count this list alone
    std::size_t rows_max = kFigureRowsDefault;          // the rest are "others"
    std::size_t concentration = kConcentrationDefault;  // of how many groups the share is told
};

// A network by its number (0: not known), a list, or a reason.
using FigureName = std::variant<std::uint32_t, ListId, std::string>;

// A count and what it was in the range of equal length before.
struct FigureShare {
    std::uint64_t count = 0;
    double percent = 0;  // of the count of all; 0 when there is nothing
    std::uint64_t before = 0;
    std::int64_t difference = 0;  // count - before, at most what the type holds
    std::optional<double> ratio;  // count / before; none when there was nothing before

    friend bool operator==(const FigureShare&, const FigureShare&) = default;
};

struct FigureRow {
    FigureName name;
    FigureShare share;

    friend bool operator==(const FigureRow&, const FigureRow&) = default;
};

struct FigureTable {
    std::vector<FigureRow> rows;       // the largest first
    std::size_t other_groups = 0;      // how many are in `others`
    FigureShare others;                // the sum of the groups past rows_max
    FigureShare all;                   // the sum of all groups
    double concentration_percent = 0;  // of the largest known groups together

    friend bool operator==(const FigureTable&, const FigureTable&) = default;
};

using FigureEntry = std::pair<FigureKey, Figure>;

// Groups without a count now and before are left out; of equal counts the one with more before
// comes first, then the one with the smaller name. The network 0 is a group like others, except
// that it is none of those whose concentration is told.
//
// Networks and lists sum the figures under the reason "", reasons those under the others. A flow is
// summed over the range. A stock (FigureField::ListedAtEnd) is the one of the last day up to the
// range's end for which a key has a figure, so that the entries may leave out days on which it did
// not change.
//
// The entries may come in any order and reach past the range. Requires: no key twice.
[[nodiscard]] FigureTable make_figure_table(std::span<const FigureEntry> entries,
                                            const FigureQuery& query);

}  // namespace fairlist
