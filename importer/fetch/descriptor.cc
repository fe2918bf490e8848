#include "importer/fetch/descriptor.h"

#include <fmt/format.h>

#include <cerrno>
#include <expected>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace fairlist::importer {

namespace {

Result<Descriptor> open_checked(const std::filesystem::path& path, int flags, bool allow_pipe) {
    Descriptor file(::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        return io_error("open", path);
    }
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) {
        return io_error("stat", path);
    }
    const bool is_pipe = S_ISFIFO(status.st_mode);
    if (!S_ISREG(status.st_mode) && !(allow_pipe && is_pipe)) {
        return fail(Errc::Io, fmt::format("{}: expected a regular file", path.string()));
    }
    return file;
}

}  // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

std::unexpected<Error> io_error(std::string_view what, const std::filesystem::path& path) {
    const int code = errno;
    const bool missing = code == ENOENT || code == ENOTDIR;
    return fail(
        missing ? Errc::NotFound : Errc::Io,
        fmt::format("{} {}: {}{}", what, path.string(), std::generic_category().message(code),
                    code == ENOSPC ? "; free some space and try again" : ""));
}

Result<Descriptor> open_to_read(const std::filesystem::path& path) {
    return open_checked(path, 0, true);
}

Result<Descriptor> open_to_read_no_link(const std::filesystem::path& path) {
    // O_NONBLOCK: a pipe that took the file's place must not block the open.
    return open_checked(path, O_NOFOLLOW | O_NONBLOCK, false);
}

Result<void> write_all(const Descriptor& file, std::span<const char> bytes,
                       const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return io_error("write", path);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!file.is_open() || ::fsync(file.get()) != 0) {
        return io_error("sync", folder);
    }
    return {};
}

Result<std::size_t> DescriptorStream::read(std::span<char> out) {
    while (true) {
        const ssize_t got = ::read(file_.get(), out.data(), out.size());
        if (got >= 0) {
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR) {
            return io_error("read", name_);
        }
    }
}

}  // namespace fairlist::importer
