// Prescan: a mail made small enough, in every respect, for a parser that trusts its input.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// Beyond these no mail of a person or a list was seen; a parser of MIME takes up to 140 times the
// memory of its input, and one frame of its stack for each ':' of an address header.
struct PrescanLimits {
    std::size_t message_bytes = std::size_t{4} << 20U;
    std::size_t header_block_bytes = std::size_t{256} << 10U;
    std::size_t header_bytes = std::size_t{16} << 10U;
    std::size_t headers = 1000;
    std::size_t address_header_colons = 64;
    std::size_t part_separators = 2000;     // lines of the body that may part a multipart
    std::size_t boundary_parameters = 100;  // of the body: how deep multiparts may lie
};

// What was taken away.
struct PrescanCuts {
    std::size_t bytes = 0;            // of the end of the mail
    std::size_t headers = 0;          // dropped: too many, or too many bytes in all
    std::size_t long_headers = 0;     // cut
    std::size_t address_headers = 0;  // dropped for their colons
    std::size_t zero_bytes = 0;       // replaced by spaces
    bool too_many_parts = false;      // why the end was cut

    [[nodiscard]] bool any() const noexcept;
};

struct Prescanned {
    std::string message;                // header block, empty line, body
    std::vector<std::string> received;  // the values of the Received lines, newest first
    PrescanCuts cuts;
};

// `mail`: one message, with or without an mbox "From " line. One pass, linear time, no more memory
// than the limits allow. A line that can be no header ends the header block (as servers read it).
[[nodiscard]] Prescanned prescan(std::string_view mail, const PrescanLimits& limits);

// Each cut in plain words: "12 headers dropped: more than 1000 headers or 262144 bytes of them".
[[nodiscard]] std::vector<std::string> cut_texts(const PrescanCuts& cuts,
                                                 const PrescanLimits& limits);

}  // namespace fairlist::importer
