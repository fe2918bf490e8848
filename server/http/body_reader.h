// BodyReader: the body of a request, by its length or in chunks (RFC 9112 sections 6 and 7.1).
#pragma once

#include "server/http/head_scan.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::http {

// Beast's parser is not asked for bodies: that of 1.81 limits neither the line of a chunk's size
// nor the trailer (boostorg/beast pull 3077), lets a line feed or even the end of the line stand
// inside of a quoted extension, counts a chunk against the limit again with every read that ends in
// such a line, trips over an assertion when the last chunk comes in three parts (pull 2861), and
// forgets a limit that is set after the header (issue 1770).
class BodyReader {
  public:
    enum class State : std::uint8_t { More, Done, Refused };

    BodyReader() noexcept = default;  // no body
    // Requires: `bytes` are within what the route takes.
    [[nodiscard]] static BodyReader of_length(std::uint64_t bytes);
    // Refused with 413 as soon as a chunk is announced that would be too much.
    [[nodiscard]] static BodyReader of_chunks(std::size_t bytes_max);

    // Moves the front of `pending` behind what it has taken. Once Done it takes nothing more. How
    // the bytes were cut decides nothing.
    State take(std::string_view& pending);

    [[nodiscard]] std::string& body() noexcept { return body_; }
    [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

    // Of one line of a chunk's size, of the extensions of all chunks, and of all trailer fields.
    static constexpr std::size_t kLineBytesMax = 1024;
    static constexpr std::size_t kExtensionBytesMax = 1024;
    static constexpr std::size_t kTrailerBytesMax = 1024;

  private:
    enum class Part : std::uint8_t {
        Length,   // remaining_ bytes, and nothing else
        Size,     // the line of a chunk's size
        Data,     // remaining_ bytes of a chunk
        DataEnd,  // its CRLF
        Trailer,  // lines up to an empty one
        End,
    };

    // False: more bytes are needed, or it is refused.
    [[nodiscard]] bool step(std::string_view& pending);
    [[nodiscard]] bool take_data(std::string_view& pending);
    [[nodiscard]] bool take_size(std::string_view& pending);
    [[nodiscard]] bool take_data_end(std::string_view& pending);
    [[nodiscard]] bool take_trailer_line(std::string_view& pending);
    [[nodiscard]] bool begin_chunk(std::string_view line);
    [[nodiscard]] bool refuse(unsigned status, std::string_view why);

    Part part_ = Part::End;
    std::uint64_t remaining_ = 0;
    std::size_t bytes_max_ = 0;
    std::size_t extension_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
    std::string body_;
    Refusal refusal_{.status = 400, .why = ""};
};

}  // namespace fairlist::http
