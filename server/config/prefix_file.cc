#include "server/config/prefix_file.h"

#include "server/config/line_file.h"

namespace fairlist::config {

void read_prefix_file(Reader& in, std::string_view key, const std::filesystem::path& file,
                      std::vector<Prefix>& out) {
    read_line_file(in, key, file, [&](std::string_view line) -> Result<void> {
        const auto prefix = parse_prefix(line);
        if (!prefix) {
            return std::unexpected(prefix.error());
        }
        out.push_back(*prefix);
        return {};
    });
}

}  // namespace fairlist::config
