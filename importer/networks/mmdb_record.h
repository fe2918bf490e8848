// MmdbRecord: what a record of a MaxMind DB says of a network.
#pragma once

#include "importer/networks/network.h"
#include "listing/base/result.h"

#include <cstddef>
#include <maxminddb.h>
#include <optional>

namespace fairlist::importer {

// Keys, nested values and their values; the largest records of public databases have some 200.
inline constexpr std::size_t kMmdbValuesMax = 2000;

// Of the keys of MaxMind (autonomous_system_number, autonomous_system_organization) and of the flat
// ones of others (asn, as_name or name, country_code or country). Nothing when it names no network.
// Errors: Malformed, OutOfRange (more than kMmdbValuesMax).
[[nodiscard]] Result<std::optional<Network>> read_mmdb_record(const MMDB_entry_s& entry);

}  // namespace fairlist::importer
