// Prefix file: a do-not-list, one address or prefix a line, "#" before remarks.
#pragma once

#include "listing/model/prefix.h"
#include "server/config/reader.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace fairlist::config {

// Appends what the file lists. What is wrong is a fault at `key`, with the file's name and line in
// its text. Limits: as read_text() has them.
void read_prefix_file(Reader& in, std::string_view key, const std::filesystem::path& file,
                      std::vector<Prefix>& out);

}  // namespace fairlist::config
