// open_networks: a table of networks from a file of any form that we read.
#pragma once

#include "importer/networks/network.h"
#include "importer/networks/table_file.h"
#include "importer/networks/tsv_table.h"
#include "listing/base/result.h"

#include <filesystem>
#include <memory>

namespace fairlist::importer {

// A MaxMind DB (mmdb_table.h) or text (tsv_table.h), told by content; either may be packed with
// gzip or zstd. Every error names the file.
[[nodiscard]] Result<std::unique_ptr<NetworkTable>> open_networks(const std::filesystem::path& path,
                                                                  const TsvOptions& options = {});

// The same of a file that is open already.
[[nodiscard]] Result<std::unique_ptr<NetworkTable>> read_networks(TableFile file,
                                                                  const TsvOptions& options = {});

}  // namespace fairlist::importer
