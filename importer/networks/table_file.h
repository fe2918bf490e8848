// TableFile: a file of networks, opened and unpacked, and how to see that it was replaced.
#pragma once

#include "importer/formats/input.h"
#include "listing/base/result.h"
#include "listing/base/time.h"

#include <cstdint>
#include <filesystem>

namespace fairlist::importer {

// After decoding. The largest of the public tables of networks have 100 MB.
inline constexpr std::uint64_t kTableBytesMax = 1ULL << 30U;

// What changes when a file is replaced or written to. All zero: not a file that can be (a pipe).
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t bytes = 0;
    std::int64_t modified_s = 0;
    std::int64_t modified_ns = 0;

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct TableFile {
    std::filesystem::path path;  // stands in messages
    FileStamp stamp;             // from before the first byte was read
    Input input;
};

// A regular file or a pipe, plain or packed with gzip or zstd. Errors: NotFound, Io; those of the
// decoder come with the reading.
[[nodiscard]] Result<TableFile> open_table_file(const std::filesystem::path& path);

// False while there is no such file.
[[nodiscard]] bool is_replaced(const std::filesystem::path& path, const FileStamp& stamp);

// When the file was last written to; not set for a pipe.
[[nodiscard]] Time modified_at(const FileStamp& stamp) noexcept;

// "2026-11-21": the day alone, as a source's name shows it.
[[nodiscard]] std::string day_text(Time time);

}  // namespace fairlist::importer
