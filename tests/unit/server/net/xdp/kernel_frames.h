// KernelFrames: queries and answers as Linux put them on an Ethernet link, checksums and all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fairlist::net::xdp {

using Frame = std::vector<std::uint8_t>;

// dig to a server of plain sockets over a veth link with checksum offload switched off.
[[nodiscard]] Frame query_v4();
[[nodiscard]] Frame answer_v4();
[[nodiscard]] Frame query_v6();
[[nodiscard]] Frame answer_v6();

inline constexpr std::size_t kIpOffset = 14;
inline constexpr std::size_t kUdpOffsetV4 = 34;
inline constexpr std::size_t kUdpOffsetV6 = 54;
inline constexpr std::size_t kMessageOffsetV4 = 42;
inline constexpr std::size_t kMessageOffsetV6 = 62;

// The checksum as RFC 1071 section 4.1 words it, 16 bits at a time: the slow twin of Checksum.
[[nodiscard]] std::uint16_t slow_checksum(const Frame& bytes);

// Makes the checksums right again after a change; the UDP one only when its length is within the
// frame.
void seal_ip(Frame& frame);
void seal_udp(Frame& frame);

}  // namespace fairlist::net::xdp
