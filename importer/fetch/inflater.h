// Inflater: one compression, taken apart block by block; zlib and libzstd are named only here.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <memory>
#include <span>

namespace fairlist::importer {

class Inflater {
  public:
    struct Step {
        std::size_t taken = 0;  // of the input
        std::size_t given = 0;  // in the output
    };

    virtual ~Inflater() = default;

    [[nodiscard]] virtual Result<Step> inflate(std::span<const char> in, std::span<char> out) = 0;
    // Whether the input seen so far ends where a member or frame ends.
    [[nodiscard]] virtual bool is_complete() const noexcept = 0;
};

[[nodiscard]] std::unique_ptr<Inflater> make_gzip_inflater();
// Windows above 128 MiB are refused.
[[nodiscard]] std::unique_ptr<Inflater> make_zstd_inflater();

}  // namespace fairlist::importer
