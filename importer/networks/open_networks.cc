#include "importer/networks/open_networks.h"

#include "importer/networks/mmdb_table.h"

#include <expected>
#include <string_view>
#include <utility>

namespace fairlist::importer {

Result<std::unique_ptr<NetworkTable>> open_networks(const std::filesystem::path& path,
                                                    const TsvOptions& options) {
    auto file = open_table_file(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    return read_networks(std::move(*file), options);
}

Result<std::unique_ptr<NetworkTable>> read_networks(TableFile file, const TsvOptions& options) {
    // A MaxMind DB begins with its tree, whose numbers have zero bytes; text has none. Its marker
    // at the end is looked for when it has been unpacked.
    if (file.input.peek().find('\0') != std::string_view::npos) {
        return read_mmdb_table(std::move(file));
    }
    return read_tsv_table(std::move(file), options);
}

}  // namespace fairlist::importer
