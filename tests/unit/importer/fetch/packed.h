// Packed bytes and streams over memory, for the tests of what reads them.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "listing/base/check.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {

inline std::string gzipped(const std::string& text) {
    z_stream stream{};
    FAIRLIST_CHECK(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, text.size()), '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    FAIRLIST_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

inline std::string zstd_packed(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    const std::size_t bytes = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
    FAIRLIST_CHECK(ZSTD_isError(bytes) == 0);
    out.resize(bytes);
    return out;
}

// Gives at most `piece` bytes a read.
class MemoryStream : public ByteStream {
  public:
    explicit MemoryStream(std::string bytes, std::size_t piece = SIZE_MAX)
        : bytes_(std::move(bytes)), piece_(piece) {}

    Result<std::size_t> read(std::span<char> out) override {
        const std::size_t count = std::min({out.size(), piece_, bytes_.size() - at_});
        std::memcpy(out.data(), bytes_.data() + at_, count);
        at_ += count;
        return count;
    }

  private:
    std::string bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

inline Result<std::string> read_all(ByteStream& stream) {
    std::string all;
    std::vector<char> block(100'000);
    while (true) {
        const auto got = stream.read(block);
        if (!got) {
            return std::unexpected(got.error());
        }
        if (*got == 0) {
            return all;
        }
        all.append(block.data(), *got);
    }
}

}  // namespace fairlist::importer
