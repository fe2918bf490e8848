// Received items: a trace line cut into words and comments (RFC 5322 section 3.2.2).
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// A view into the line that was cut.
struct ReceivedItem {
    enum class Kind : std::uint8_t { Word, Comment, Semicolon } kind = Kind::Word;
    std::string_view text;  // of a comment what is between its brackets

    [[nodiscard]] bool is_word() const noexcept { return kind == Kind::Word; }
    [[nodiscard]] bool is_comment() const noexcept { return kind == Kind::Comment; }
};

// Errors as parse_received().
[[nodiscard]] Result<std::vector<ReceivedItem>> cut_received(std::string_view line);

// The same of a comment's text: what is nested deeper counts as one item.
[[nodiscard]] std::vector<ReceivedItem> cut_comment(std::string_view comment);

}  // namespace fairlist::importer
