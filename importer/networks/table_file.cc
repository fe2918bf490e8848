#include "importer/networks/table_file.h"

#include "importer/fetch/decoder.h"
#include "importer/fetch/descriptor.h"

#include <algorithm>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <sys/stat.h>
#include <utility>

namespace fairlist::importer {

namespace {

FileStamp stamp_of(const struct stat& status) noexcept {
    if (!S_ISREG(status.st_mode)) {
        return {};
    }
    return {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
            status.st_mtim.tv_nsec};
}

}  // namespace

Result<TableFile> open_table_file(const std::filesystem::path& path) {
    auto file = open_to_read(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    struct stat status{};
    if (::fstat(file->get(), &status) != 0) {
        return io_error("stat", path);
    }
    const std::string name = path.string();
    DecodeLimits limits;
    limits.bytes_max = kTableBytesMax;
    // Shared, because a function object must be copyable.
    const std::shared_ptr<ByteStream> bytes =
        decode(std::make_unique<DescriptorStream>(std::move(*file), name), name, limits);
    Input input(name, [bytes](std::span<char> out) { return bytes->read(out); });
    return TableFile{path, stamp_of(status), std::move(input)};
}

bool is_replaced(const std::filesystem::path& path, const FileStamp& stamp) {
    struct stat status{};
    const bool is_watched = stamp != FileStamp{};
    return is_watched && ::stat(path.c_str(), &status) == 0 && stamp_of(status) != stamp;
}

Time modified_at(const FileStamp& stamp) noexcept {
    const auto seconds = std::clamp<std::int64_t>(stamp.modified_s, 0, UINT32_MAX);
    return Time{static_cast<std::uint32_t>(seconds)};
}

std::string day_text(Time time) {
    return to_string(time).substr(0, std::string_view("2026-11-21").size());
}

}  // namespace fairlist::importer
