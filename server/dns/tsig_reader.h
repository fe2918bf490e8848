// TsigReader: the TSIG record of a query, as far as it takes to refuse it. RFC 8945.
#pragma once

#include "server/dns/name_reader.h"
#include "server/dns/query.h"

#include <cstdint>
#include <span>

namespace fairlist::dns {

// Sets the tsig fields of the query; false when name or data are malformed. We hold no keys, so the
// MAC is only measured (RFC 8945 section 5.2.1 comes before any cryptography).
[[nodiscard]] bool read_tsig(const RawName& owner, std::span<const std::uint8_t> rdata,
                             Query& query) noexcept;

}  // namespace fairlist::dns
