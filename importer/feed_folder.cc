#include "importer/feed_folder.h"

#include "importer/fetch/scratch_folder.h"
#include "importer/fetch/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fairlist::importer {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kVersionEnding = ".zst";
constexpr std::size_t kTextBytesMax = 8192;  // of a text file beside the versions

// "17.zst"; none for every other name.
std::optional<std::uint64_t> version_of(const std::string& name) {
    if (!name.ends_with(kVersionEnding)) {
        return std::nullopt;
    }
    const char* end = name.data() + name.size() - kVersionEnding.size();
    std::uint64_t version = 0;
    const auto [at, error] = std::from_chars(name.data(), end, version);
    return error == std::errc{} && at == end ? std::optional(version) : std::nullopt;
}

void remove_quietly(const fs::path& path) {
    std::error_code ignored;
    fs::remove(path, ignored);
}

// What a killed import left behind. Requires: the lock is held.
void remove_leftovers(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->path().filename().string().starts_with(kScratchPrefix)) {
            std::error_code ignored;
            fs::remove_all(it->path(), ignored);
        }
    }
    remove_quietly(folder / "incoming");
}

std::vector<std::uint64_t> versions_in(const fs::path& folder) {
    std::vector<std::uint64_t> versions;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (const auto version = version_of(it->path().filename().string())) {
            versions.push_back(*version);
        }
    }
    std::ranges::sort(versions);
    return versions;
}

// Empty when it cannot be read.
std::string read_text(const fs::path& path) {
    auto file = open_to_read_no_link(path);
    if (!file) {
        return {};
    }
    std::array<char, kTextBytesMax> buffer{};
    DescriptorStream stream(std::move(*file), path.string());
    return {buffer.data(), stream.read(buffer).value_or(0)};
}

}  // namespace

Result<FeedFolder> FeedFolder::open(const fs::path& feeds, std::string_view name) {
    const fs::path path = feeds / name;
    std::error_code error;
    fs::create_directories(path, error);
    if (error) {
        return fail(Errc::Io, fmt::format("make folder {}: {}", path.string(), error.message()));
    }
    const fs::path lock_path = path / "lock";
    Descriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.is_open()) {
        return io_error("open", lock_path);
    }
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return fail(Errc::Conflict, fmt::format("another import of \"{}\" is running", name));
    }
    remove_leftovers(path);
    return FeedFolder(path, std::move(lock));
}

Result<FeedFolder> FeedFolder::look(const fs::path& feeds, std::string_view name) {
    return FeedFolder(feeds / name, Descriptor());
}

fs::path FeedFolder::version_path(std::uint64_t version) const {
    return path_ / fmt::format("{}{}", version, kVersionEnding);
}

void FeedFolder::prune() const {
    const std::vector<std::uint64_t> versions = versions_in(path_);
    for (std::size_t i = 0; i + kVersionsKept < versions.size(); ++i) {
        remove_quietly(version_path(versions[i]));
    }
}

void FeedFolder::drop_held() const {
    remove_quietly(held_path());
}

Result<void> FeedFolder::remove() const {
    std::error_code error;
    fs::remove_all(path_, error);
    if (error) {
        return fail(Errc::Io, fmt::format("remove {}: {}", path_.string(), error.message()));
    }
    return {};
}

void FeedFolder::drop_version(std::uint64_t version) const {
    remove_quietly(version_path(version));
}

std::string FeedFolder::settings() const {
    return read_text(path_ / "settings");
}

Result<void> FeedFolder::save_settings(const std::string& fingerprint) const {
    return save_text("settings", fingerprint);
}

Result<void> FeedFolder::save_origin(const std::string& origin) const {
    return save_text("origin", std::string_view(origin).substr(0, kTextBytesMax));
}

// Old or new, whenever the power goes.
Result<void> FeedFolder::save_text(std::string_view name, std::string_view text) const {
    const fs::path path = path_ / name;
    const fs::path fresh = path_ / fmt::format("{}.new", name);
    {
        const Descriptor file(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!file.is_open()) {
            return io_error("create", fresh);
        }
        if (const auto written = write_all(file, text, fresh); !written) {
            return written;
        }
        if (::fsync(file.get()) != 0) {
            return io_error("sync", fresh);
        }
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0) {
        return io_error("rename to", path);
    }
    return sync_folder(path_);
}

std::vector<std::uint64_t> kept_versions(const fs::path& feeds, std::string_view name) {
    return versions_in(feeds / name);
}

std::string origin_of(const std::string& input) {
    const auto url = parse_url(input);
    if (!url || url->scheme != Scheme::File) {
        return url ? url->shown : input;
    }
    std::error_code ignored;
    return fs::absolute(url->text, ignored).lexically_normal().string();
}

std::string kept_origin(const fs::path& feeds, std::string_view name) {
    return read_text(feeds / name / "origin");
}

}  // namespace fairlist::importer
