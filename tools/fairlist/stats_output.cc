#include "tools/fairlist/stats_output.h"

#include "server/shown/json_values.h"
#include "server/shown/stats_json.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

std::string_view counted_words(FigureField field) noexcept {
    switch (field) {
        case FigureField::Opened:
            return "new listings";
        case FigureField::Hits:
            return "hits";
        case FigureField::Extended:
            return "extended listings";
        case FigureField::Expired:
            return "expired listings";
        case FigureField::Removed:
            return "removed listings";
        case FigureField::ListedAtEnd:
            break;
    }
    return "listings";
}

std::string_view verb_of(const StatsView& view) noexcept {
    switch (view.by) {
        case FigureGroup::Networks:
            return view.field == FigureField::Hits ? "come from" : "sit in";
        case FigureGroup::Lists:
            return "are in";
        case FigureGroup::Reasons:
            break;
    }
    return "go back to";
}

// At most kConcentrationMax.
std::string groups_text(std::size_t count, FigureGroup by) {
    constexpr std::array<std::string_view, kConcentrationMax + 1> kWords = {
        "no", "one", "two", "three", "four", "five"};
    return fmt::format("{} {}{}", kWords.at(count), group_word(by), count == 1 ? "" : "s");
}

// What is there is never 0 %, and what is not all never 100 %.
std::string percent_text(double percent) {
    if (percent > 0 && percent < 1) {
        return "<1 %";
    }
    if (percent > 99 && percent < 100) {
        return ">99 %";
    }
    return fmt::format("{:.0f} %", percent);
}

std::string trend_text(const FigureShare& share) {
    if (!share.ratio) {
        return share.count == 0 ? "-" : "new";
    }
    if (share.difference == 0) {
        return "same";
    }
    return fmt::format("{:+} ({:+.0f} %)", share.difference, 100 * (*share.ratio - 1));
}

std::string label_of(const StatsRow& row) {
    return row.name.empty() ? row.label : row.label + " " + row.name;
}

std::string range_text(const DayRange& range) {
    return fmt::format("{} to {}", date_of(range.first), date_of(range.last));
}

std::string title_of(const StatsView& view) {
    std::string title = fmt::format("{} by {}", counted_words(view.field), group_word(view.by));
    if (!view.list.empty()) {
        title += " in list " + view.list;
    }
    title +=
        fmt::format(", {} ({} in UTC)", range_text(view.range), counted(view.range.days(), "day"));
    if (const auto before = view.range.before()) {
        title += fmt::format("; before: {}", range_text(*before));
    }
    return title + "\n";
}

void add_row(Table& table, const StatsView& view, std::string label, const StatsRow& row) {
    std::vector<std::string> cells = {std::move(label)};
    if (view.by == FigureGroup::Networks) {
        cells.insert(cells.end(),
                     {row.name.empty() ? "-" : row.name, row.country.empty() ? "-" : row.country});
    }
    cells.insert(cells.end(), {grouped(row.share.count), percent_text(row.share.percent),
                               grouped(row.share.before), trend_text(row.share)});
    table.add(std::move(cells));
}

}  // namespace

std::string concentration_text(const StatsView& view) {
    const auto& [rows, percent] = view.concentration;
    if (rows.empty()) {
        return "";
    }
    std::vector<std::string> names;
    for (const StatsRow& row : rows) {
        names.push_back(fmt::format("{} ({})", label_of(row), percent_text(row.share.percent)));
    }
    const std::string groups = groups_text(rows.size(), view.by);
    const std::string_view what = counted_words(view.field);
    std::string text;
    // A sum of shares may miss a round figure by its last bits.
    if (percent > 100 - 1e-9) {
        text = fmt::format("all {} {} {}", what, verb_of(view), groups);
    } else if (percent >= 50 - 1e-9) {
        text = fmt::format("{} of all {} {} {}", percent < 50.5 ? "half" : "more than half", what,
                           verb_of(view), groups);
    } else {
        text = fmt::format("{} of all {} {} the {} with most", percent_text(percent), what,
                           verb_of(view), groups);
    }
    return printable(fmt::format("{}: {}", text, fmt::join(names, ", ")));
}

std::string stats_text(const StatsView& view) {
    std::vector<Column> columns;
    if (view.by == FigureGroup::Networks) {
        columns = {{"NETWORK"}, {"NAME"}, {"CC"}};
    } else {
        columns = {{view.by == FigureGroup::Lists ? "LIST" : "REASON"}};
    }
    columns.insert(columns.end(), {{"COUNT", true}, {"SHARE", true}, {"BEFORE", true}, {"TREND"}});
    Table table(std::move(columns));
    for (const StatsRow& row : view.rows) {
        add_row(table, view, row.label, row);
    }
    if (view.other_groups != 0) {
        StatsRow others;
        others.share = view.others;
        add_row(table, view, counted(view.other_groups, "other"), others);
    }
    StatsRow all;
    all.share = view.all;
    add_row(table, view, "all", all);
    const std::string sentence = concentration_text(view);
    return title_of(view) + table.text() + (sentence.empty() ? "" : sentence + "\n");
}

std::string stats_json(const StatsView& view) {
    return json_values::document(stats_object(view, concentration_text(view)));
}

}  // namespace fairlist::cli
