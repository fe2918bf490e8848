// Open failure: why a store could not be opened, and what its operator can do about it.
#pragma once

#include <filesystem>
#include <string>

namespace fairlist::store {

// "store FOLDER...: ..." for what LMDB answered when it opened the folder: an errno or MDB code.
// Looks at the files to name the one that is in the way.
[[nodiscard]] std::string open_failure(const std::filesystem::path& folder, int code,
                                       bool read_only);

}  // namespace fairlist::store
