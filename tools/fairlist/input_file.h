// Input file: what a verb is given to read: a file, packed or not, or standard input.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "listing/base/result.h"

#include <memory>
#include <string>

namespace fairlist::cli {

// "-" is standard input; gzip and zstd are undone. Errors: as importer::open_to_read().
[[nodiscard]] Result<std::unique_ptr<importer::ByteStream>> open_input(const std::string& path);

// As messages call it: "stdin" or the path.
[[nodiscard]] std::string input_name(const std::string& path);

}  // namespace fairlist::cli
