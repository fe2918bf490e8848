#include "server/dns/edns_reader.h"

#include "server/dns/edns_option.h"
#include "server/dns/wire_reader.h"

#include <algorithm>

namespace fairlist::dns {
namespace {

constexpr std::uint16_t kPayloadBytesMin = 512;
constexpr std::uint32_t kDnssecOkBit = 0x8000;
constexpr std::size_t kClientCookieBytes = 8;
constexpr std::size_t kServerCookieBytesMin = 8;  // RFC 7873 section 4
constexpr std::size_t kServerCookieBytesMax = 32;

// Only the first COOKIE option counts (RFC 7873 section 5.2); false when its length is wrong.
bool read_cookie(std::span<const std::uint8_t> data, Cookie& cookie) noexcept {
    if (cookie.present) {
        return true;
    }
    if (data.size() < kClientCookieBytes) {
        return false;
    }
    const auto server = data.subspan(kClientCookieBytes);
    const bool allowed = server.empty() || (server.size() >= kServerCookieBytesMin &&
                                            server.size() <= kServerCookieBytesMax);
    if (!allowed) {
        return false;
    }
    cookie.present = true;
    std::ranges::copy(data.first(kClientCookieBytes), cookie.client.begin());
    std::ranges::copy(server, cookie.server.begin());
    cookie.server_size = static_cast<std::uint8_t>(server.size());
    return true;
}

bool read_option(std::uint16_t code, std::span<const std::uint8_t> data, Transport transport,
                 Edns& edns) noexcept {
    switch (code) {
        case option::kNsid:
            edns.nsid = true;  // a payload is ignored (RFC 5001 section 2.1)
            return true;
        case option::kCookie:
            return read_cookie(data, edns.cookie);
        case option::kKeepalive:
            edns.keepalive = transport == Transport::Tcp;  // RFC 7828 section 3.2.1
            return true;
        default:
            return true;  // RFC 6891 section 6.1.2
    }
}

}  // namespace

void read_edns_head(std::uint16_t klass, std::uint32_t ttl, Edns& edns) noexcept {
    edns.present = true;
    edns.udp_bytes_max = std::max(klass, kPayloadBytesMin);
    edns.version = static_cast<std::uint8_t>(ttl >> 16U & 0xFFU);
    edns.dnssec_ok = (ttl & kDnssecOkBit) != 0;
}

bool read_edns_options(std::span<const std::uint8_t> rdata, Transport transport,
                       Edns& edns) noexcept {
    if (edns.version != 0) {
        return true;
    }
    WireReader reader(rdata);
    for (std::size_t count = 0; !reader.at_end(); ++count) {
        const std::uint16_t code = reader.read_u16();
        const auto data = reader.read_bytes(reader.read_u16());
        if (!reader.ok() || count == kEdnsOptionsMax || !read_option(code, data, transport, edns)) {
            return false;
        }
    }
    return true;
}

}  // namespace fairlist::dns
