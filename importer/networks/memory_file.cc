#include "importer/networks/memory_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <expected>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace fairlist::importer {

Result<MemoryFile> MemoryFile::copy_of(Input& input) {
    MemoryFile copy(Descriptor(::memfd_create("fairlist-networks", MFD_CLOEXEC)));
    if (!copy.file_.is_open()) {
        return io_error("copy to memory", input.name());
    }
    // Ends with the input, which is limited (kTableBytesMax).
    for (std::string_view block = input.next_block(); !block.empty(); block = input.next_block()) {
        if (const auto written = write_all(copy.file_, block, input.name()); !written) {
            return std::unexpected(written.error());
        }
        copy.bytes_ += block.size();
    }
    if (const auto status = input.status(); !status) {
        return std::unexpected(status.error());
    }
    return copy;
}

Result<std::string> MemoryFile::tail(std::size_t bytes_max) const {
    std::string out(std::min<std::uint64_t>(bytes_max, bytes_), '\0');
    std::size_t have = 0;
    while (have < out.size()) {
        const auto at = static_cast<off_t>(bytes_ - out.size() + have);
        const ssize_t got = ::pread(file_.get(), out.data() + have, out.size() - have, at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return io_error("read", path());
        }
        have += static_cast<std::size_t>(got);
    }
    return out;
}

std::string MemoryFile::path() const {
    return fmt::format("/proc/self/fd/{}", file_.get());
}

}  // namespace fairlist::importer
