// Line file: a text file that a key names, one item a line, "#" before remarks.
#pragma once

#include "listing/base/result.h"
#include "server/config/reader.h"

#include <filesystem>
#include <functional>
#include <string_view>

namespace fairlist::config {

// Gives each line that is not empty to `take`, without its remark and the blanks around the rest.
// What is wrong is a fault at `key`, with the file's name and line in its text. Limits: as
// read_text() has them.
void read_line_file(Reader& in, std::string_view key, const std::filesystem::path& file,
                    const std::function<Result<void>(std::string_view)>& take);

// Cuts the first word off `rest`, and the blanks around it. Empty when there is none.
[[nodiscard]] std::string_view cut_word(std::string_view& rest) noexcept;

}  // namespace fairlist::config
