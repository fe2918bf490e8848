// CsvRow: one line of comma-separated values (RFC 4180), cut into fields.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kCsvFieldsMax = 64;

// A quoted field must end on its line: no value that an entry has can hold a line end.
class CsvRow {
  public:
    [[nodiscard]] Result<void> split(std::string_view line);

    // Without quotes and the blanks around. Lifetime: until the next split().
    [[nodiscard]] std::span<const std::string> fields() const noexcept {
        return std::span(fields_).first(count_);
    }
    // Where a field begins on its line, in bytes from 0. Requires: there is one, if only one that
    // was cut short by an error.
    [[nodiscard]] std::size_t begin(std::size_t index) const noexcept { return begins_[index]; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    // Empty when there are fewer fields.
    [[nodiscard]] std::string_view field(std::size_t index) const noexcept {
        return index < count_ ? std::string_view(fields_[index]) : std::string_view{};
    }

  private:
    [[nodiscard]] Result<std::size_t> take_quoted(std::string_view rest);

    std::vector<std::string> fields_;  // kept between lines for their memory
    std::vector<std::size_t> begins_;  // as long
    std::size_t count_ = 0;
};

}  // namespace fairlist::importer
