// ByteStream: bytes that come one after the other, from a file, a decoder or a kept version.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <span>

namespace fairlist::importer {

class ByteStream {
  public:
    virtual ~ByteStream() = default;

    // Fills the front of `out` (never empty) and returns how much; 0 only at the end.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<char> out) = 0;
};

}  // namespace fairlist::importer
