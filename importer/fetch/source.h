// Source: where a feed comes from, opened: its files one after the other, decoded.
#pragma once

#include "importer/fetch/address_guard.h"
#include "importer/fetch/byte_stream.h"
#include "importer/fetch/decoder.h"
#include "importer/fetch/scratch_folder.h"
#include "listing/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kFolderFilesMax = 10000;

struct FetchRequest {
    std::string url;
    std::string etag;  // for http: of the version we have
    std::string last_modified;
    std::filesystem::path scratch_parent;   // where a folder for downloads may be made
    std::uint64_t bytes_max = 1ULL << 30U;  // of the download, and of each file after decoding
    std::uint32_t timeout_s = 300;
    AddressGuard guard;
    std::function<void(std::uint64_t bytes)> progress;  // may be empty
};

struct SourceFile {
    std::string name;  // for messages
    std::unique_ptr<ByteStream> bytes;
};

// What was fetched. Downloads live in a folder that goes with the object.
class Source {
  public:
    [[nodiscard]] bool is_unchanged() const noexcept { return unchanged_; }
    [[nodiscard]] const std::string& etag() const noexcept { return etag_; }
    [[nodiscard]] const std::string& last_modified() const noexcept { return last_modified_; }

    // The next file; none after the last.
    [[nodiscard]] Result<std::optional<SourceFile>> next();

  private:
    friend class SourceOpener;

    struct Part {
        std::filesystem::path path;
        std::string name;
        bool follow_link = false;
    };

    bool unchanged_ = false;
    bool standard_input_ = false;
    std::string etag_;
    std::string last_modified_;
    DecodeLimits limits_;
    ScratchFolder scratch_;
    std::vector<Part> parts_;
    std::size_t next_ = 0;
};

// Downloads what is remote. A folder gives all regular files below it in the order of their
// names, without those whose name starts with a dot; a symbolic link among them is an error.
[[nodiscard]] Result<Source> open_source(const FetchRequest& request);

}  // namespace fairlist::importer
