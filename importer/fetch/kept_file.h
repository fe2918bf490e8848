// KeptFile: the bytes of one version of a feed on disk, packed, so that it can be read again.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "importer/fetch/descriptor.h"
#include "importer/fetch/inflater.h"
#include "listing/base/result.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairlist::importer {

// Layout: for each file of the version a skippable frame with its name (RFC 8878 section 3.1.2,
// magic 0x184D2A50), then its content as one zstd frame. So "zstd -d" reads it as well.
class KeptWriter {
  public:
    KeptWriter();
    ~KeptWriter();
    KeptWriter(KeptWriter&&) noexcept;
    KeptWriter& operator=(KeptWriter&&) noexcept;

    // A file that is there already is written anew. Without finish() it is removed again.
    [[nodiscard]] Result<void> open(const std::filesystem::path& path);
    [[nodiscard]] bool is_open() const noexcept { return state_ != nullptr; }
    // Starts the next file. Limit: names are cut at kKeptNameBytesMax.
    [[nodiscard]] Result<void> begin(const std::string& name);
    [[nodiscard]] Result<void> write(std::span<const char> bytes);
    // Ends the last file, makes all durable and gives it its final name in the same folder.
    [[nodiscard]] Result<void> finish(const std::filesystem::path& final_path);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

inline constexpr std::size_t kKeptNameBytesMax = 4096;

class KeptReader : public ByteStream {
  public:
    [[nodiscard]] static Result<std::unique_ptr<KeptReader>> open(
        const std::filesystem::path& path);

    // Goes to the next file and gives its name; none after the last. The one before must have been
    // read to its end.
    [[nodiscard]] Result<std::optional<std::string>> next();
    // Of the current file. Errors: Malformed (damaged).
    [[nodiscard]] Result<std::size_t> read(std::span<char> out) override;

  private:
    KeptReader(Descriptor file, const std::filesystem::path& path);

    // Makes `bytes` bytes pending; false when the file ends before.
    [[nodiscard]] Result<bool> require(std::size_t bytes);
    [[nodiscard]] std::span<const char> pending() const noexcept;

    DescriptorStream file_;
    std::string name_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // <= end_ <= buffer_.size()
    std::size_t end_ = 0;
    std::unique_ptr<Inflater> inflater_;  // of the current file; null: between files
};

}  // namespace fairlist::importer
