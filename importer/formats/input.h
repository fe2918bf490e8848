// Input: the decoded bytes of one file of a feed, as lines, as blocks, or looked at beforehand.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// Fills the front of the span and returns how much; 0 only at the end.
using ReadBytes = std::function<Result<std::size_t>(std::span<char>)>;

inline constexpr std::size_t kLineBytesMax = 64UZ << 10U;
inline constexpr std::size_t kPeekBytesMax = 64UZ << 10U;

enum class LineFault : std::uint8_t { None, TooLong, HasNul };

// Without its line end (LF or CRLF). Lifetime: until the next call on the Input.
struct Line {
    std::string_view text;
    std::uint64_t number = 0;  // from 1
    LineFault fault = LineFault::None;
};

// Memory: one block, whatever the file's size. A UTF-8 byte order mark at the front is skipped.
// The first error of the source is kept: reading ends there, and status() tells it.
class Input {
  public:
    // `name` stands in messages.
    Input(std::string name, ReadBytes read);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    // The first bytes, at most kPeekBytesMax. Requires: nothing was read yet.
    [[nodiscard]] std::string_view peek();

    // False at the end. Of a line over kLineBytesMax only the front is given, with its fault.
    [[nodiscard]] bool next_line(Line& line);

    // What was read already and not given out, maybe none; take_lines() gives the front of it out.
    [[nodiscard]] std::string_view buffered() const noexcept;
    // Requires: `bytes` of buffered() are so many whole lines.
    void take_lines(std::size_t bytes, std::uint64_t lines);

    // The bytes not read yet, one block at a time; empty at the end.
    [[nodiscard]] std::string_view next_block();

    [[nodiscard]] Result<void> status() const;
    [[nodiscard]] std::uint64_t lines() const noexcept { return line_number_; }

  private:
    [[nodiscard]] bool fill();
    void skip_to_line_end();
    void skip_byte_order_mark();

    std::string name_;
    ReadBytes read_;
    std::vector<char> buffer_;
    std::string cut_line_;   // the front of a line that was too long, while the rest is skipped
    std::size_t begin_ = 0;  // first byte not given out; <= end_
    std::size_t end_ = 0;    // <= buffer_.size()
    std::uint64_t line_number_ = 0;
    bool started_ = false;
    bool at_end_ = false;
    bool has_nul_ = false;  // a NUL was seen somewhere: only then lines are searched for it
    Result<void> status_;
};

}  // namespace fairlist::importer
