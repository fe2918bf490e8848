// TextFile: a text file being written, for many short lines.
#pragma once

#include <fmt/compile.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace fairlist::bench {

// Throws std::ios_base::failure when the file cannot be made or written.
class TextFile {
  public:
    explicit TextFile(const std::filesystem::path& path) {
        stream_.exceptions(std::ios::failbit | std::ios::badbit);
        stream_.open(path);
    }
    ~TextFile() = default;
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;

    template <typename Format, typename... Values>
    void add(const Format& format, const Values&... values) {
        fmt::format_to(std::back_inserter(text_), format, values...);
        if (text_.size() > kFlushBytes) {
            flush();
        }
    }
    // Call it last.
    void flush() {
        stream_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
        stream_.flush();
        text_.clear();
    }

  private:
    static constexpr std::size_t kFlushBytes = 1U << 20U;

    std::ofstream stream_;
    fmt::memory_buffer text_;
};

}  // namespace fairlist::bench
