// Zone check: what the keys of one zone must be to each other.
#pragma once

#include "server/config/reader.h"
#include "zones/zone.h"

#include <string>
#include <string_view>

namespace fairlist::config {

// Fills what the other keys imply: mname, rname, owners that were written in full.
void complete_zone(ZoneSpec& zone);

// Adds a fault for each contradiction. `in` is the reader of the zone's table.
void check_zone(Reader& in, const ZoneSpec& zone);

// The owner of a record of the zone as it stands in StaticRecord: "@", or relative to the origin.
[[nodiscard]] std::string relative_to(const DomainName& origin, std::string_view name);
[[nodiscard]] bool is_at_or_below(std::string_view name, const DomainName& origin) noexcept;

// Whether a name relative to a zone is a whole address, as questions write it: four octets or 32
// nibbles (RFC 5782 sections 2.1 and 2.4).
[[nodiscard]] bool is_reversed_address(std::string_view relative) noexcept;

}  // namespace fairlist::config
