// Document: a configuration file and those it includes, put together as one tree.
#pragma once

#include "listing/base/result.h"
#include "server/config/faults.h"
#include "server/config/node.h"

#include <deque>
#include <filesystem>
#include <string>

namespace fairlist::config {

struct Document {
    std::deque<SourceFile> files;  // a deque, because the nodes point to its items
    Node root;
    bool complete = true;  // false: a file is missing or broken, so absence proves nothing
};

// "include" at the top of a file names further files: globs, relative to the file that names them,
// read in the order of their names. Arrays of tables are appended; any other key given twice is a
// fault. Limits: 8 levels, 1,000 files.
[[nodiscard]] Document read_document(const std::filesystem::path& file, Faults& faults);
[[nodiscard]] Document read_document(const std::string& text, const std::filesystem::path& name,
                                     Faults& faults);

// The whole text of a file of at most 16 MiB. Errors: Io.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& file);

// `relative` as seen from the folder of the file that `place` lies in.
[[nodiscard]] std::filesystem::path resolve_path(const Place& place,
                                                 const std::filesystem::path& relative);

}  // namespace fairlist::config
