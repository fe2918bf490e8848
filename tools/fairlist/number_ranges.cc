#include "tools/fairlist/number_ranges.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fairlist::cli {

std::string ranges_text(std::vector<std::uint32_t> numbers) {
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    std::string text;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] - numbers[last] == 1) {
            ++last;
        }
        text += fmt::format("{}{}", text.empty() ? "" : " ", numbers[i]);
        if (last != i) {
            text += fmt::format("-{}", numbers[last]);
        }
        i = last + 1;
    }
    return text;
}

}  // namespace fairlist::cli
