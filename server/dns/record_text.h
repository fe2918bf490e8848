// RecordText: records as people write them, turned into wire form when a configuration is loaded.
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::dns {

struct WireRecord {
    std::uint16_t type = 0;
    std::vector<std::uint8_t> rdata;  // names uncompressed
};

// `type` by its mnemonic ("MX"), `value` in presentation form (RFC 1035 section 5.1); names in it
// are absolute with or without a final dot. Errors: Malformed, with ldns's reason.
[[nodiscard]] Result<WireRecord> parse_record(std::string_view type, std::string_view value);

// A name in wire form and lower case, with its root label.
[[nodiscard]] Result<std::vector<std::uint8_t>> name_to_wire(std::string_view name);

}  // namespace fairlist::dns
