// Descriptor: an open file descriptor that closes itself, and the file operations on it.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "listing/base/result.h"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::importer {

class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

// Errno as an error: "open /var/feed.txt: No such file or directory".
[[nodiscard]] std::unexpected<Error> io_error(std::string_view what,
                                              const std::filesystem::path& path);

// A regular file (or a pipe, as a shell's <(...) gives one); a folder or device is an error.
[[nodiscard]] Result<Descriptor> open_to_read(const std::filesystem::path& path);

// A regular file that is not a symbolic link.
[[nodiscard]] Result<Descriptor> open_to_read_no_link(const std::filesystem::path& path);

[[nodiscard]] Result<void> write_all(const Descriptor& file, std::span<const char> bytes,
                                     const std::filesystem::path& path);

// Makes the names in a folder durable.
[[nodiscard]] Result<void> sync_folder(const std::filesystem::path& folder);

// Reads an open descriptor to its end.
class DescriptorStream : public ByteStream {
  public:
    // `name` stands in messages.
    DescriptorStream(Descriptor file, std::string name)
        : file_(std::move(file)), name_(std::move(name)) {}

    [[nodiscard]] Result<std::size_t> read(std::span<char> out) override;

  private:
    Descriptor file_;
    std::string name_;
};

}  // namespace fairlist::importer
