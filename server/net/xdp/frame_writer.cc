#include "server/net/xdp/frame_writer.h"

#include "listing/base/check.h"
#include "server/dns/wire_writer.h"
#include "server/net/xdp/checksum.h"

#include <array>
#include <type_traits>

namespace fairlist::net::xdp {

namespace {

using dns::WireWriter;

constexpr std::uint16_t kVersion4NoOptions = 0x4500;  // and no type of service
constexpr std::uint32_t kVersion6 = 0x60000000;       // no traffic class, no flow label
constexpr std::uint8_t kHops = 64;

using Field = std::array<std::uint8_t, 2>;

// What differs between the families. Sizes are constants here so that copies become plain moves.
struct V4 {
    static constexpr std::size_t kAddressesOffset = kAddressesOffsetV4;
    static constexpr std::size_t kAddressesBytes = 8;
    static constexpr std::size_t kHeaderBytes = header_bytes(true);
};
struct V6 {
    static constexpr std::size_t kAddressesOffset = kAddressesOffsetV6;
    static constexpr std::size_t kAddressesBytes = 32;
    static constexpr std::size_t kHeaderBytes = header_bytes(false);
};

template <std::size_t Size>
using Fixed = std::span<const std::uint8_t, Size>;

// Two fields of the same size, the other way round.
template <std::size_t Size>
void write_swapped(WireWriter& out, Fixed<Size> pair) noexcept {
    out.write_bytes(pair.template last<Size / 2>());
    out.write_bytes(pair.template first<Size / 2>());
}

// Sums are of values and of what came in, not of what was just written: reading that back in other
// pieces would wait for the stores.
Field sum_of_ipv4(std::uint16_t total, std::uint16_t identification, Checksum sum) noexcept {
    sum.add_u16(kVersion4NoOptions);
    sum.add_u16(total);
    sum.add_u16(identification);
    sum.add_u16(kHops << 8U | kProtocolUdp);
    return sum.result();
}

// The pseudo header and the real one both have the length.
Field sum_of_udp(Fixed<4> ports, std::uint16_t length, std::span<const std::uint8_t> message,
                 Checksum sum) noexcept {
    sum.add_u16(kProtocolUdp);
    sum.add_u16(length);
    sum.add(ports);
    sum.add_u16(length);
    sum.add(message);
    const Field field = sum.result();
    // RFC 768: zero means "not computed", so the other zero of ones' complement is sent.
    return field == Field{} ? Field{0xFF, 0xFF} : field;
}

template <typename Family>
void write(const QueryFrame& query, std::uint16_t identification,
           std::span<std::uint8_t> frame) noexcept {
    const Fixed<Family::kHeaderBytes> in = query.headers.first<Family::kHeaderBytes>();
    const auto addresses = in.template subspan<Family::kAddressesOffset, Family::kAddressesBytes>();
    const auto ports = in.template subspan<Family::kHeaderBytes - kUdpBytes, 4>();
    const std::span<const std::uint8_t> message = frame.subspan(Family::kHeaderBytes);
    const auto length = static_cast<std::uint16_t>(kUdpBytes + message.size());
    Checksum sum;
    sum.add(addresses);

    WireWriter out(frame.first(Family::kHeaderBytes));
    write_swapped<2 * kMacBytes>(out, in.template first<2 * kMacBytes>());
    if constexpr (std::is_same_v<Family, V4>) {
        const auto total = static_cast<std::uint16_t>(kIpv4Bytes + length);
        out.write_u16(kEtherTypeIpv4);
        out.write_u16(kVersion4NoOptions);
        out.write_u16(total);
        out.write_u16(identification);
        out.write_u16(0);  // whole, and may be fragmented: as the sockets do it
        out.write_u8(kHops);
        out.write_u8(kProtocolUdp);
        out.write_bytes(sum_of_ipv4(total, identification, sum));
    } else {
        out.write_u16(kEtherTypeIpv6);
        out.write_u32(kVersion6);
        out.write_u16(length);
        out.write_u8(kProtocolUdp);
        out.write_u8(kHops);
    }
    write_swapped<Family::kAddressesBytes>(out, addresses);
    write_swapped<4>(out, ports);
    out.write_u16(length);
    out.write_bytes(sum_of_udp(ports, length, message, sum));
}

}  // namespace

void write_headers(const QueryFrame& query, std::uint16_t identification,
                   std::span<std::uint8_t> frame) noexcept {
    FAIRLIST_CHECK(query.headers.size() == header_bytes(query.is_v4) &&
                   frame.size() >= query.headers.size() &&
                   frame.size() <= kEthernetBytes + UINT16_MAX);
    if (query.is_v4) {
        write<V4>(query, identification, frame);
    } else {
        write<V6>(query, identification, frame);
    }
}

}  // namespace fairlist::net::xdp
