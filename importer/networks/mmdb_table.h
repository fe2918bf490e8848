// MmdbTable: networks from a MaxMind DB, the format of GeoLite2 and many others.
#pragma once

#include "importer/networks/network.h"
#include "importer/networks/table_file.h"
#include "listing/base/result.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace fairlist::importer {

// The last of these in a file begins its metadata (MaxMind DB specification 2.0), which is within
// kMmdbTailBytesMax of the end.
inline constexpr std::string_view kMmdbMarker = "\xab\xcd\xefMaxMind.com";
inline constexpr std::size_t kMmdbTailBytesMax = 128UZ << 10U;
// Of the metadata: those of public databases have less than 1 KiB. The library unfolds metadata
// without a limit of its own, so that a file should come from whom one trusts all the same.
inline constexpr std::size_t kMmdbMetadataBytesMax = 16UZ << 10U;

// Reads all of the file into memory, so that a file written over while it is in use does no harm,
// and checks every node and record of it once. Errors: Malformed (no such database, damaged, or one
// whose records name no network), OutOfRange, Io, those of the input.
[[nodiscard]] Result<std::unique_ptr<NetworkTable>> read_mmdb_table(TableFile file);

}  // namespace fairlist::importer
