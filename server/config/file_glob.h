// File glob: the files that an "include" pattern names.
#pragma once

#include "listing/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace fairlist::config {

// The files that match, relative patterns below `folder`, sorted by the bytes of their names. A
// pattern with a wildcard (* ? [) may match nothing. Errors: NotFound, OutOfRange (over 1,000), Io.
[[nodiscard]] Result<std::vector<std::filesystem::path>> glob_files(
    const std::filesystem::path& folder, const std::string& pattern);

}  // namespace fairlist::config
