#include "tools/fairlist/table.h"

#include "listing/base/check.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

void append_row(std::string& out, const std::vector<Column>& columns,
                const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string gap(widths[i] - width_of(cells[i]), ' ');
        const bool last = i + 1 == cells.size();
        out += columns[i].right ? gap + cells[i] : cells[i];
        if (!last) {
            out += (columns[i].right ? "" : gap) + "  ";
        }
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out.push_back('\n');
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add(std::vector<std::string> cells) {
    FAIRLIST_CHECK(cells.size() == columns_.size());
    for (std::string& cell : cells) {
        cell = printable(cell);
    }
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<std::string> titles;
    std::vector<std::size_t> widths;
    for (const Column& column : columns_) {
        titles.push_back(column.title);
        widths.push_back(width_of(column.title));
    }
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    std::string out;
    append_row(out, columns_, titles, widths);
    for (const auto& row : rows_) {
        append_row(out, columns_, row, widths);
    }
    return out;
}

std::size_t width_of(std::string_view text) noexcept {
    const auto starts_point = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    };
    return static_cast<std::size_t>(std::ranges::count_if(text, starts_point));
}

std::string grouped(std::uint64_t number) {
    std::string digits = fmt::format("{}", number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    if (bytes < 1024) {
        return fmt::format("{} B", bytes);
    }
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace fairlist::cli
