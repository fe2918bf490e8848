// Decoder: a stream that undoes gzip or zstd, told by the first bytes, and counts what comes out.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "listing/base/result.h"

#include <cstdint>
#include <memory>
#include <string>

namespace fairlist::importer {

// A page of zeros shrinks a thousandfold; lists of addresses and names shrink less than tenfold.
inline constexpr std::uint64_t kDecodeRatioMax = 200;
// Below this the ratio says nothing.
inline constexpr std::uint64_t kDecodeRatioFromBytes = 1ULL << 20U;

struct DecodeLimits {
    std::uint64_t bytes_max = 1ULL << 30U;      // after decoding
    std::uint64_t ratio_max = kDecodeRatioMax;  // 0: no limit, for what we packed ourselves
};

// Plain bytes pass through. Concatenated gzip members and zstd frames are one stream (RFC 1952
// section 2.2, RFC 8878 section 3). Errors on read: Malformed (truncated, damaged, another
// compression), OutOfRange (past a limit). One level only: what is packed twice comes out packed.
[[nodiscard]] std::unique_ptr<ByteStream> decode(std::unique_ptr<ByteStream> source,
                                                 std::string name, const DecodeLimits& limits);

}  // namespace fairlist::importer
