// JsonCursor: one JSON text (RFC 8259), walked from front to back, with the place of every value.
#pragma once

#include "importer/policy/fault_log.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kJsonDepthMax = 32;

enum class JsonKind : std::uint8_t { Object, Array, String, Number, True, False, Null };

// "a string", "an object"; for messages.
[[nodiscard]] std::string_view to_string(JsonKind kind) noexcept;

// Faults go to the log. After one that leaves no way to go on, every call says that there is
// nothing more. Small ones (a comma too many, bytes that are no UTF-8) are gone over, so that the
// rest of the document is read.
class JsonCursor {
  public:
    // Lifetime: both must outlive it.
    JsonCursor(std::string_view text, FaultLog& log);

    // Of the value that comes next; none: there is no value here, and the walk has ended.
    [[nodiscard]] std::optional<JsonKind> kind();
    // Of the value or key that was looked at last.
    [[nodiscard]] Place place() const noexcept { return place_; }
    // Whether the walk has ended before the document did.
    [[nodiscard]] bool has_failed() const noexcept { return failed_; }

    // Requires, of these: kind() has just said so.
    void enter();
    void string(std::string& out);
    // As it is written.
    [[nodiscard]] std::string_view number();
    // Goes over any value.
    void skip();

    // In an object that was entered: the next key, with its place; false: it has ended.
    [[nodiscard]] bool next_member(std::string& key);
    [[nodiscard]] bool next_element();
    // Nothing may follow the document.
    void finish();

  private:
    struct Frame {
        char close = ']';
        bool is_first = true;
    };

    [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
    // Of `at`, which is on the line where the walk is.
    [[nodiscard]] Place place_of(std::size_t at) const noexcept;
    void skip_blanks();
    // Whether there is one more in the innermost container; takes the comma or the closing bracket.
    [[nodiscard]] bool next_in(std::string_view what);
    void take_word();
    void take_escape(std::string& out);
    [[nodiscard]] std::uint32_t take_hex();
    void take_plain(std::string& out);
    void fatal(std::size_t at, std::string what);
    void slip(std::size_t at, std::string what);

    std::string_view text_;
    FaultLog& log_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    std::uint32_t line_ = 1;
    Place place_;
    bool failed_ = false;
    std::vector<Frame> frames_;  // the containers that were entered; at most kJsonDepthMax
};

}  // namespace fairlist::importer
