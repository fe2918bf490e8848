// ScratchFolder: a folder of our own for what is being fetched, gone when the object is.
#pragma once

#include "listing/base/result.h"

#include <filesystem>
#include <string_view>
#include <utility>

namespace fairlist::importer {

// What the names of such folders begin with.
inline constexpr std::string_view kScratchPrefix = "fetch-";

class ScratchFolder {
  public:
    ScratchFolder() = default;
    explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
    ~ScratchFolder();
    ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    ScratchFolder& operator=(ScratchFolder&& other) noexcept;
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

// Makes one with a name of its own below `parent`, readable by this user alone.
[[nodiscard]] Result<ScratchFolder> make_scratch_folder(const std::filesystem::path& parent);

}  // namespace fairlist::importer
