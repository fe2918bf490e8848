// ResponseWriter: a Query and what is to be said about it turned into a message.
#pragma once

#include "server/dns/answer.h"
#include "server/dns/query.h"
#include "server/dns/query_parser.h"

#include <cstdint>
#include <span>

namespace fairlist::dns {

// An IPv6 packet of 1280 octets, which needs no fragments anywhere, less its headers.
inline constexpr std::uint16_t kUdpBytesMaxDefault = 1232;
inline constexpr std::size_t kUdpBytesMin = 512;    // RFC 1035 section 4.2.1
inline constexpr std::size_t kTcpBytesMax = 65535;  // without the length prefix

// What a response says beside the answer. Lifetime: the spans are read during the call only.
struct ResponseOptions {
    Transport transport = Transport::Udp;
    std::uint16_t udp_bytes_max = kUdpBytesMaxDefault;  // the server's limit, and advertised in OPT
    // Units of 100 ms (RFC 7828 section 3.1); said over TCP to clients that ask. 0: close when
    // done.
    std::uint16_t keepalive_timeout = 0;
    std::span<const std::uint8_t> server_cookie;  // sent to clients with a cookie; empty: none
    std::span<const std::uint8_t> nsid;           // sent to clients that ask; empty: none
};

// Both write one response to `out` and return its size; 0: send nothing (Answer::drop, or `out` is
// too small). `message` is the one that `query` was parsed from: its question is echoed byte for
// byte; it must not overlap `out`. `out` should hold kTcpBytesMax for TCP, udp_bytes_max for UDP;
// when it holds less, its size is the limit.
//
// What does not fit is left out in this order: the extended error, then all records (and TC is
// set).
[[nodiscard]] std::size_t write_response(const Query& query, const Answer& answer,
                                         std::span<const std::uint8_t> message,
                                         const ResponseOptions& options,
                                         std::span<std::uint8_t> out) noexcept;

// The response to ParseOutcome::Respond, or any other without records.
[[nodiscard]] std::size_t write_error(const Query& query, Rcode rcode,
                                      std::span<const std::uint8_t> message,
                                      const ResponseOptions& options,
                                      std::span<std::uint8_t> out) noexcept;

}  // namespace fairlist::dns
