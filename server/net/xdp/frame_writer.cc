#include "server/net/xdp/frame_writer.h"

#include "listing/base/check.h"
#include "server/dns/wire_writer.h"
#include "server/net/xdp/checksum.h"

#include <algorithm>
#include <array>

namespace fairlist::net::xdp {

namespace {

using dns::WireWriter;

constexpr std::uint8_t kHops = 64;
constexpr std::size_t kIpv4ChecksumOffset = 10;
constexpr std::size_t kUdpChecksumOffset = 6;

// Two fields of the same size, the other way round.
void write_swapped(WireWriter& out, std::span<const std::uint8_t> pair) noexcept {
    out.write_bytes(pair.subspan(pair.size() / 2));
    out.write_bytes(pair.first(pair.size() / 2));
}

void write_ipv4(WireWriter& out, const QueryFrame& query, std::uint16_t identification,
                std::span<std::uint8_t> packet) noexcept {
    out.write_u16(0x4500);  // version, words of the header, type of service
    out.write_u16(static_cast<std::uint16_t>(packet.size()));
    out.write_u16(identification);
    out.write_u16(0);  // whole, and may be fragmented: as the sockets do it
    out.write_u8(kHops);
    out.write_u8(kProtocolUdp);
    out.write_u16(0);
    write_swapped(out, query.addresses);
    Checksum sum;
    sum.add(packet.first(kIpv4Bytes));
    std::ranges::copy(sum.result(), packet.subspan(kIpv4ChecksumOffset).begin());
}

void write_ipv6(WireWriter& out, const QueryFrame& query, std::span<std::uint8_t> packet) noexcept {
    out.write_u32(0x60000000);  // version, traffic class, flow label
    out.write_u16(static_cast<std::uint16_t>(packet.size() - kIpv6Bytes));
    out.write_u8(kProtocolUdp);
    out.write_u8(kHops);
    write_swapped(out, query.addresses);
}

void write_udp(WireWriter& out, const QueryFrame& query,
               std::span<std::uint8_t> datagram) noexcept {
    const auto length = static_cast<std::uint16_t>(datagram.size());
    write_swapped(out, query.ports);
    out.write_u16(length);
    out.write_u16(0);
    Checksum sum;
    sum.add(query.addresses);
    sum.add_u16(kProtocolUdp);
    sum.add_u16(length);
    sum.add(datagram);
    std::array<std::uint8_t, 2> field = sum.result();
    // RFC 768: zero means "not computed", so the other zero of ones' complement is sent.
    if (field == std::array<std::uint8_t, 2>{}) {
        field = {0xFF, 0xFF};
    }
    std::ranges::copy(field, datagram.subspan(kUdpChecksumOffset).begin());
}

}  // namespace

void write_headers(const QueryFrame& query, std::uint16_t identification,
                   std::span<std::uint8_t> frame) noexcept {
    const std::size_t headers = header_bytes(query.is_v4);
    FAIRLIST_CHECK(frame.size() >= headers && frame.size() <= kEthernetBytes + UINT16_MAX);
    WireWriter out(frame.first(headers));
    write_swapped(out, query.macs);
    out.write_u16(query.is_v4 ? kEtherTypeIpv4 : kEtherTypeIpv6);
    const std::span<std::uint8_t> packet = frame.subspan(kEthernetBytes);
    if (query.is_v4) {
        write_ipv4(out, query, identification, packet);
    } else {
        write_ipv6(out, query, packet);
    }
    write_udp(out, query, frame.subspan(headers - kUdpBytes));
}

}  // namespace fairlist::net::xdp
