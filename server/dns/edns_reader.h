// EdnsReader: what the OPT record of a query says. RFC 6891.
#pragma once

#include "server/dns/query.h"
#include "server/dns/query_parser.h"

#include <cstdint>
#include <span>

namespace fairlist::dns {

// The fields that other records call class and TTL (RFC 6891 section 6.1.3).
void read_edns_head(std::uint16_t klass, std::uint32_t ttl, Edns& edns) noexcept;

// The options; false when one is malformed. Options of versions that we do not know are not read.
[[nodiscard]] bool read_edns_options(std::span<const std::uint8_t> rdata, Transport transport,
                                     Edns& edns) noexcept;

}  // namespace fairlist::dns
