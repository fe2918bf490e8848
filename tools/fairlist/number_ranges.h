// Number ranges: many numbers in few words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {

// In order, each once: "1-5 8 10-11".
[[nodiscard]] std::string ranges_text(std::vector<std::uint32_t> numbers);

}  // namespace fairlist::cli
