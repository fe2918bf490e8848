#include "server/net/xdp/frame_reader.h"

#include "server/dns/wire_reader.h"
#include "server/net/xdp/checksum.h"

#include <algorithm>
#include <array>

namespace fairlist::net::xdp {

namespace {

using dns::WireReader;
using Bytes = std::span<const std::uint8_t>;

constexpr std::array<std::uint8_t, 2> kSumOfGoodData = {0, 0};

// RFC 791: "more fragments" and the offset; the bit above them says "do not fragment".
constexpr std::uint16_t kFragmentBits = 0x3FFF;
constexpr std::uint8_t kVersion4NoOptions = 0x45;

bool is_group(std::uint8_t first_octet_of_mac) noexcept {
    return (first_octet_of_mac & 1U) != 0;
}

// RFC 1122 section 3.2.1.3 and RFC 5771: "this network", loopback, multicast and what lies above.
bool can_be_client_v4(std::uint32_t address) noexcept {
    const std::uint32_t first = address >> 24U;
    return first != 0 && first != 127 && first < 224;
}

// RFC 4291 section 2: neither multicast, nor unspecified, loopback or an IPv4 address in disguise,
// which would be taken for that IPv4 client.
bool can_be_client_v6(const Address& address) noexcept {
    constexpr Address kLoopback{0, 1};
    return address.high >> 56U != 0xFF && !address.is_v4() && address != Address{} &&
           address != kLoopback;
}

// The rest of an IPv4 header behind its version and what it says of the UDP datagram.
FrameFault read_ipv4(WireReader& in, Bytes frame, QueryFrame& query, std::size_t& payload) {
    const std::size_t start = in.offset();
    const std::uint8_t version_and_words = in.read_u8();
    static_cast<void>(in.read_u8());  // type of service
    const std::size_t total = in.read_u16();
    static_cast<void>(in.read_u16());  // identification
    const std::uint16_t fragment = in.read_u16();
    static_cast<void>(in.read_u8());  // time to live
    const std::uint8_t protocol = in.read_u8();
    static_cast<void>(in.read_u16());  // checksum
    const std::uint32_t source = in.read_u32();
    static_cast<void>(in.read_u32());  // destination
    if (!in.ok()) {
        return FrameFault::Truncated;
    }
    if (version_and_words != kVersion4NoOptions) {
        return version_and_words >> 4U == 4 ? FrameFault::Options : FrameFault::BadVersion;
    }
    Checksum sum;
    sum.add(in.bytes_since(start));
    if (sum.result() != kSumOfGoodData) {
        return FrameFault::BadIpChecksum;
    }
    if ((fragment & kFragmentBits) != 0) {
        return FrameFault::Fragment;
    }
    if (protocol != kProtocolUdp) {
        return FrameFault::NotUdp;
    }
    if (total < kIpv4Bytes) {
        return FrameFault::BadLength;
    }
    if (total > frame.size() - start) {
        return FrameFault::Truncated;
    }
    payload = total - kIpv4Bytes;
    query.client = Address::from_v4(source);
    return can_be_client_v4(source) ? FrameFault::None : FrameFault::BadSource;
}

FrameFault read_ipv6(WireReader& in, Bytes frame, QueryFrame& query, std::size_t& payload) {
    const std::uint32_t version_and_flow = in.read_u32();
    payload = in.read_u16();
    const std::uint8_t next_header = in.read_u8();
    static_cast<void>(in.read_u8());  // hop limit
    const Bytes addresses = in.read_bytes(32);
    if (!in.ok()) {
        return FrameFault::Truncated;
    }
    if (version_and_flow >> 28U != 6) {
        return FrameFault::BadVersion;
    }
    if (next_header != kProtocolUdp) {
        return FrameFault::NotUdp;
    }
    if (payload > frame.size() - in.offset()) {
        return FrameFault::Truncated;
    }
    std::array<std::uint8_t, 16> source{};
    std::ranges::copy(addresses.first(16), source.begin());
    query.client = Address::from_bytes(source);
    return can_be_client_v6(query.client) ? FrameFault::None : FrameFault::BadSource;
}

// The UDP checksum covers the addresses, the protocol and the length too (RFC 768).
bool is_sound(Bytes addresses, Bytes datagram) noexcept {
    Checksum sum;
    sum.add(addresses);
    sum.add_u16(kProtocolUdp);
    sum.add_u16(static_cast<std::uint16_t>(datagram.size()));
    sum.add(datagram);
    return sum.result() == kSumOfGoodData;
}

FrameFault read_udp(WireReader& in, Bytes frame, std::size_t payload, QueryFrame& query) {
    const std::size_t start = in.offset();
    const std::uint16_t source_port = in.read_u16();
    static_cast<void>(in.read_u16());  // destination port
    const std::size_t length = in.read_u16();
    const std::uint16_t checksum = in.read_u16();
    if (!in.ok()) {
        return FrameFault::Truncated;
    }
    if (length < kUdpBytes || length > payload) {
        return FrameFault::BadLength;
    }
    query.headers = frame.first(in.offset());
    query.message = in.read_bytes(length - kUdpBytes);
    if (!in.ok()) {
        return FrameFault::Truncated;
    }
    // RFC 768: zero is "not computed", which only IPv4 allows.
    if (checksum == 0 && !query.is_v4) {
        return FrameFault::NoChecksum;
    }
    const std::size_t addresses = query.is_v4 ? kAddressesOffsetV4 : kAddressesOffsetV6;
    if (checksum != 0 &&
        !is_sound(frame.subspan(addresses, start - addresses), in.bytes_since(start))) {
        return FrameFault::BadChecksum;
    }
    return source_port == 0 ? FrameFault::BadSource : FrameFault::None;
}

}  // namespace

FrameFault read_frame(std::span<const std::uint8_t> frame, QueryFrame& query) noexcept {
    WireReader in(frame);
    const Bytes macs = in.read_bytes(2 * kMacBytes);
    const std::uint16_t type = in.read_u16();
    if (!in.ok()) {
        return FrameFault::Truncated;
    }
    if (type != kEtherTypeIpv4 && type != kEtherTypeIpv6) {
        return FrameFault::NotIp;
    }
    if (is_group(macs[kMacBytes])) {
        return FrameFault::BadSource;
    }
    query.is_v4 = type == kEtherTypeIpv4;
    std::size_t payload = 0;
    const FrameFault fault =
        query.is_v4 ? read_ipv4(in, frame, query, payload) : read_ipv6(in, frame, query, payload);
    return fault != FrameFault::None ? fault : read_udp(in, frame, payload, query);
}

}  // namespace fairlist::net::xdp
