// Rbldnsd files: listings as the zone files of rbldnsd, which Fairlist imports too.
#pragma once

#include "tests/bench/listing_data.h"

#include <filesystem>

namespace fairlist::bench {

// Writes into the folder: single.txt and range.txt (ip4trie, ip4set), six.txt (ip6trie), names.txt
// (dnset), and combined.txt: the first three as the data sets of one file.
void write_rbldnsd_files(const ListingData& data, const std::filesystem::path& folder);

}  // namespace fairlist::bench
