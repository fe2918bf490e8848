#include "server/config/prefix_file.h"

#include "server/config/document.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist::config {

namespace {

constexpr std::string_view kBlanks = " \t\r";

// Without the remark and the blanks around the rest.
std::string_view content_of(std::string_view line) noexcept {
    line = line.substr(0, line.find('#'));
    const std::size_t first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return line.substr(first, line.find_last_not_of(kBlanks) + 1 - first);
}

}  // namespace

void read_prefix_file(Reader& in, std::string_view key, const std::filesystem::path& file,
                      std::vector<Prefix>& out) {
    const auto text = read_text(file);
    if (!text) {
        in.fault(key, text.error().message);
        return;
    }
    std::string_view rest = *text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view content = content_of(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (content.empty()) {
            continue;
        }
        if (const auto prefix = parse_prefix(content)) {
            out.push_back(*prefix);
        } else {
            in.fault(key, fmt::format("{}:{}: {}", file.string(), number, prefix.error().message));
        }
    }
}

}  // namespace fairlist::config
