// MboxReader: the mails of an mbox file one by one (RFC 4155), in bounded memory.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "listing/base/result.h"
#include "listing/base/time.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct MboxMail {
    std::string from_line;   // without "From " and line end; empty: the text is no mbox
    std::string bytes;       // without that line
    bool too_large = false;  // `bytes` is empty then
};

// A text that does not begin with "From " is one mail. In an mbox the next mail begins at a line
// with "From ", a sender and a time of day, as all who write an mbox put there: a line of a text
// that only begins so parts nothing. One ">" before "From " is taken away, of several one (mboxrd),
// and the empty line before the next mail.
class MboxReader {
  public:
    // `bytes_max`: of one mail; a larger one is read over. `single`: the source is one mail
    // whatever it begins with. Lifetime: the source's.
    MboxReader(ByteStream& source, std::size_t bytes_max, bool single = false);

    // Not set: there are no more. Errors: as the source's.
    [[nodiscard]] Result<std::optional<MboxMail>> next();

  private:
    struct Piece {
        std::string_view text;  // with its line end, if that was reached; valid until the next
        bool begins_line = false;
    };

    [[nodiscard]] Result<Piece> next_piece();
    bool take(const Piece& piece, MboxMail& mail);
    [[nodiscard]] Result<bool> fill();
    void append(MboxMail& mail, std::string_view text) const;

    ByteStream& source_;
    std::size_t bytes_max_;
    bool single_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // <= end_ <= buffer_.size()
    std::size_t end_ = 0;
    bool source_ended_ = false;
    bool at_line_start_ = true;
    bool started_ = false;
    bool is_mbox_ = false;
    std::optional<std::string> from_line_;  // of the mail that comes next
};

// The time of a "From " line: "anna@example.org Thu Nov 26 05:14:01 2026", in UTC unless an offset
// ("+0100") stands before the year. Not set: none stands there.
[[nodiscard]] std::optional<Time> time_of_from_line(std::string_view from_line);

}  // namespace fairlist::importer
