// FrameReader: an Ethernet frame in, the datagram in it out.
#pragma once

#include "listing/model/address.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace fairlist::net::xdp {

inline constexpr std::size_t kMacBytes = 6;
inline constexpr std::size_t kEthernetBytes = 14;
inline constexpr std::size_t kIpv4Bytes = 20;  // RFC 791 section 3.1, without options
inline constexpr std::size_t kIpv6Bytes = 40;  // RFC 8200 section 3
inline constexpr std::size_t kUdpBytes = 8;    // RFC 768
inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86DD;
inline constexpr std::uint8_t kProtocolUdp = 17;

// Where two fields of each kind stand next to each other.
inline constexpr std::size_t kAddressesOffsetV4 = kEthernetBytes + 12;
inline constexpr std::size_t kAddressesOffsetV6 = kEthernetBytes + 8;

// What lies before the message.
[[nodiscard]] constexpr std::size_t header_bytes(bool is_v4) noexcept {
    return kEthernetBytes + (is_v4 ? kIpv4Bytes : kIpv6Bytes) + kUdpBytes;
}

// A query as it came. Lifetime: the spans are into the frame.
struct QueryFrame {
    bool is_v4 = true;
    Address client;
    std::span<const std::uint8_t> headers;  // Ethernet, IP, UDP: header_bytes(is_v4)
    std::span<const std::uint8_t> message;
};

enum class FrameFault : std::uint8_t {
    None,
    Truncated,      // shorter than its headers say
    NotIp,          // by its Ethernet type: VLAN tags, ARP, anything else
    BadVersion,     // of IP, against the Ethernet type
    Options,        // an IPv4 header that is not of 20 bytes
    Fragment,       // RFC 791 section 3.2
    NotUdp,         // also: an extension header of IPv6 comes first
    BadLength,      // a length field that contradicts another
    BadIpChecksum,  // IPv4 only
    NoChecksum,     // UDP over IPv6 must have one (RFC 8200 section 8.1)
    BadChecksum,    // UDP
    BadSource,      // no host can have this address or port, so nobody could get the answer
};

// Checks all that the kernel would check before it gave the datagram to a socket. `query` is
// complete when the result is None, and of no use otherwise.
[[nodiscard]] FrameFault read_frame(std::span<const std::uint8_t> frame,
                                    QueryFrame& query) noexcept;

}  // namespace fairlist::net::xdp
