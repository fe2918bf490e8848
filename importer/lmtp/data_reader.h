// Data reader: the content of a mail behind DATA, out of pieces of any size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

enum class DataOutcome : std::uint8_t { Whole, TooLong, NoRoom };

// Takes the doubled dots away (RFC 5321 section 4.5.2) and finds the end.
//
// The end is CRLF.CRLF and nothing else: a bare CR or LF is content. Whoever takes LF.LF for the
// end as well lets a sender smuggle a second mail, with an envelope of the sender's choice, through
// a server that does not (CVE-2023-51764): here XFORWARD of the smuggled mail would be believed,
// and an innocent address listed. For the same reason a dot behind a bare LF is no doubled one.
class DataReader {
  public:
    explicit DataReader(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    // Takes bytes off the front of `input`, all of them unless the end is among them; then true,
    // and what follows the end is left. Keeps at most `room` bytes more than before. Content past
    // `room` or the limit is passed over, and what was kept of it dropped.
    [[nodiscard]] bool read(std::string_view& input, std::size_t room);

    [[nodiscard]] DataOutcome outcome() const noexcept { return outcome_; }
    [[nodiscard]] std::size_t size() const noexcept { return content_.size(); }

    // The content, and ready for the next.
    [[nodiscard]] std::string take();

  private:
    enum class State : std::uint8_t { LineStart, Dot, DotCr, Text, Cr };

    void keep(std::string_view bytes, std::size_t& room);
    void drop(DataOutcome why);
    void read_text(std::string_view& input, std::size_t& room);
    [[nodiscard]] bool read_behind_dot(std::string_view& input, std::size_t& room);

    std::size_t bytes_max_;
    std::string content_;
    State state_ = State::LineStart;
    DataOutcome outcome_ = DataOutcome::Whole;
};

}  // namespace fairlist::importer
