// mmdblookup: libmaxminddb's own program (Debian's mmdb-bin), asked for one value.
#pragma once

#include <filesystem>
#include <string>

namespace fairlist::importer {

struct LookupAnswer {
    bool was_run = false;
    std::string number;  // "64500"; empty: nothing found, or zero
};

// What it prints goes through a file in `folder`.
[[nodiscard]] LookupAnswer mmdblookup(const std::string& database, const std::string& address,
                                      const std::string& key, const std::filesystem::path& folder);

}  // namespace fairlist::importer
