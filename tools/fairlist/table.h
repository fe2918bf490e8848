// Table: rows of text in aligned columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

struct Column {
    std::string title;
    bool right = false;  // numbers
};

// Cells are made printable. The last column is never padded, so that no line ends in spaces.
class Table {
  public:
    explicit Table(std::vector<Column> columns);

    // Requires: as many cells as columns.
    void add(std::vector<std::string> cells);

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    // The title row and all rows, each ended by a line feed.
    [[nodiscard]] std::string text() const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

// Code points, which is what a column counts.
[[nodiscard]] std::size_t width_of(std::string_view text) noexcept;

// "12,345,678".
[[nodiscard]] std::string grouped(std::uint64_t number);

// "1 list", "2,000 lists": a noun whose plural ends in s.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

// "12.3 MiB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

}  // namespace fairlist::cli
