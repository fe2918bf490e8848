#include "server/config/line_file.h"

#include "server/config/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace fairlist::config {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view without_blanks(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

}  // namespace

std::string_view cut_word(std::string_view& rest) noexcept {
    rest = without_blanks(rest);
    const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
    rest = without_blanks(rest.substr(word.size()));
    return word;
}

void read_line_file(Reader& in, std::string_view key, const std::filesystem::path& file,
                    const std::function<Result<void>(std::string_view)>& take) {
    const auto text = read_text(file);
    if (!text) {
        in.fault(key, text.error().message);
        return;
    }
    std::string_view rest = *text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        const std::string_view content = without_blanks(line.substr(0, line.find('#')));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (content.empty()) {
            continue;
        }
        if (const auto taken = take(content); !taken) {
            in.fault(key, fmt::format("{}:{}: {}", file.string(), number, taken.error().message));
        }
    }
}

}  // namespace fairlist::config
