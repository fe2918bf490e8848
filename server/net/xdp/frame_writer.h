// FrameWriter: the headers of the frame that takes an answer back.
#pragma once

#include "server/net/xdp/frame_reader.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace fairlist::net::xdp {

// `frame` holds the answer's message from header_bytes(query.is_v4) on, and nothing behind it; it
// does not overlap the query's. Writes the headers before it: back to the neighbour, the address
// and the port that the query came from. `identification` is that of IPv4 (RFC 6864 section 4), not
// to be used again soon.
//
// Requires: header_bytes() <= frame.size() <= kEthernetBytes + 65535.
void write_headers(const QueryFrame& query, std::uint16_t identification,
                   std::span<std::uint8_t> frame) noexcept;

}  // namespace fairlist::net::xdp
