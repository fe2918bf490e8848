// FeedFolder: the files that a feed leaves beside the store: its last versions, the one that is
// held, and a lock.
#pragma once

#include "importer/fetch/descriptor.h"
#include "importer/fetch/kept_file.h"
#include "listing/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kVersionsKept = 3;

// Opened, it holds the feed's lock for as long as it lives: one import of a feed at a time.
class FeedFolder {
  public:
    // Makes FEEDS/NAME when it is not there. Errors: Conflict (another import runs), Io.
    [[nodiscard]] static Result<FeedFolder> open(const std::filesystem::path& feeds,
                                                 std::string_view name);

    // Without the lock and without making anything: for a run that only reads what is there.
    [[nodiscard]] static Result<FeedFolder> look(const std::filesystem::path& feeds,
                                                 std::string_view name);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path incoming_path() const { return path_ / "incoming"; }
    [[nodiscard]] std::filesystem::path held_path() const { return path_ / "held.zst"; }
    [[nodiscard]] std::filesystem::path version_path(std::uint64_t version) const;

    // Removes the oldest so that kVersionsKept stay.
    void prune() const;
    void drop_held() const;
    // The folder with all that is in it. Error: Io.
    [[nodiscard]] Result<void> remove() const;
    void drop_version(std::uint64_t version) const;

    // The fingerprint of the settings that the version in force was imported with; empty when
    // there is none.
    [[nodiscard]] std::string settings() const;
    [[nodiscard]] Result<void> save_settings(const std::string& fingerprint) const;
    // Where the version in force came from, as origin_of() gives it.
    [[nodiscard]] Result<void> save_origin(const std::string& origin) const;

  private:
    [[nodiscard]] Result<void> save_text(std::string_view name, std::string_view text) const;

    FeedFolder(std::filesystem::path path, Descriptor lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}

    std::filesystem::path path_;
    Descriptor lock_;
};

// The versions of a feed that can be read again, oldest first.
[[nodiscard]] std::vector<std::uint64_t> kept_versions(const std::filesystem::path& feeds,
                                                       std::string_view name);

// A source's input in one spelling: an absolute path, a URL without user name and password,
// "standard input".
[[nodiscard]] std::string origin_of(const std::string& input);

// Where the version in force of a feed came from; empty when that is not known.
[[nodiscard]] std::string kept_origin(const std::filesystem::path& feeds, std::string_view name);

}  // namespace fairlist::importer
