// TagList: the "name=value;" list of a DKIM signature or key record.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kTagListBytesMax = std::size_t{16} << 10U;
inline constexpr std::size_t kTagsMax = 64;

struct Tag {
    std::string_view name;
    std::string_view value;  // without white space around it
    std::string_view whole;  // all from "=" to ";"
};

// Views into the text that was parsed.
class TagList {
  public:
    [[nodiscard]] const std::vector<Tag>& tags() const noexcept { return tags_; }
    [[nodiscard]] const Tag* find(std::string_view name) const noexcept;
    [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const noexcept;

  private:
    friend Result<TagList> parse_tag_list(std::string_view text);

    std::vector<Tag> tags_;
};

// RFC 6376 section 3.2; white space may be folded by CRLF or a bare LF. Names are case-sensitive,
// and unknown ones stand for themselves. Values may hold UTF-8 (RFC 8616 section 5): whoever reads
// one decides.
//
// Errors: OutOfRange (the limits above), Malformed (grammar, a name twice). No message quotes text.
[[nodiscard]] Result<TagList> parse_tag_list(std::string_view text);

// Space, tab, CR and LF: what may fold inside a value.
[[nodiscard]] constexpr bool is_folding_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
[[nodiscard]] std::string_view trim_folding_space(std::string_view text) noexcept;
[[nodiscard]] std::string without_folding_space(std::string_view text);

// The parts of "a : b : c", trimmed; a part may be empty.
[[nodiscard]] std::vector<std::string_view> split_at_colons(std::string_view text);

}  // namespace fairlist::importer
