// MemoryFile: a file without a name, in memory, that no one else can change.
#pragma once

#include "importer/fetch/descriptor.h"
#include "importer/formats/input.h"
#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace fairlist::importer {

class MemoryFile {
  public:
    // All that is left of the input. Errors: Io, those of the input.
    [[nodiscard]] static Result<MemoryFile> copy_of(Input& input);

    [[nodiscard]] std::uint64_t size() const noexcept { return bytes_; }

    // At most this much of its end.
    [[nodiscard]] Result<std::string> tail(std::size_t bytes_max) const;

    // For libraries that want one; good while the object lives. Needs /proc.
    [[nodiscard]] std::string path() const;

  private:
    explicit MemoryFile(Descriptor file) : file_(std::move(file)) {}

    Descriptor file_;
    std::uint64_t bytes_ = 0;
};

}  // namespace fairlist::importer
