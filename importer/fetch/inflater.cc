// zlib.h then takes its input as pointers to const.
#define ZLIB_CONST

#include "importer/fetch/inflater.h"

#include "listing/base/check.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

namespace fairlist::importer {

namespace {

constexpr int kZstdWindowLogMax = 27;
// zlib: the largest window, and gzip headers only.
constexpr int kGzipWindowBits = 15 + 16;

class GzipInflater : public Inflater {
  public:
    GzipInflater() { FAIRLIST_CHECK(inflateInit2(&stream_, kGzipWindowBits) == Z_OK); }
    ~GzipInflater() override { inflateEnd(&stream_); }
    GzipInflater(const GzipInflater&) = delete;
    GzipInflater& operator=(const GzipInflater&) = delete;

    Result<Step> inflate(std::span<const char> in, std::span<char> out) override {
        if (in.empty() && complete_) {
            return Step{};
        }
        // The next member; inflate() wants its whole state anew.
        if (complete_ && inflateReset(&stream_) != Z_OK) {
            return fail(Errc::Malformed, "gzip: cannot start the next member");
        }
        complete_ = false;
        const std::size_t in_bytes = std::min<std::size_t>(in.size(), kChunkMax);
        const std::size_t out_bytes = std::min<std::size_t>(out.size(), kChunkMax);
        stream_.next_in = reinterpret_cast<const Bytef*>(in.data());
        stream_.avail_in = static_cast<uInt>(in_bytes);
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out_bytes);
        const int code = ::inflate(&stream_, Z_NO_FLUSH);
        complete_ = code == Z_STREAM_END;
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
            return fail(Errc::Malformed,
                        fmt::format("gzip: {}", stream_.msg == nullptr ? "damaged" : stream_.msg));
        }
        return Step{in_bytes - stream_.avail_in, out_bytes - stream_.avail_out};
    }

    [[nodiscard]] bool is_complete() const noexcept override { return complete_; }

  private:
    static constexpr std::size_t kChunkMax = std::numeric_limits<uInt>::max();

    z_stream stream_{};
    bool complete_ = false;
};

struct ZstdFree {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

class ZstdInflater : public Inflater {
  public:
    ZstdInflater() : context_(ZSTD_createDCtx()) {
        FAIRLIST_CHECK(context_ != nullptr);
        FAIRLIST_CHECK(ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax,
                                                           kZstdWindowLogMax)) == 0);
    }

    Result<Step> inflate(std::span<const char> in, std::span<char> out) override {
        // Called again at the end of the input, it would wait for a further frame.
        if (in.empty() && complete_) {
            return Step{};
        }
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const std::size_t code = ZSTD_decompressStream(context_.get(), &to, &from);
        if (ZSTD_isError(code) != 0) {
            return fail(Errc::Malformed, fmt::format("zstd: {}", ZSTD_getErrorName(code)));
        }
        complete_ = code == 0;
        return Step{from.pos, to.pos};
    }

    [[nodiscard]] bool is_complete() const noexcept override { return complete_; }

  private:
    std::unique_ptr<ZSTD_DCtx, ZstdFree> context_;
    bool complete_ = false;
};

}  // namespace

std::unique_ptr<Inflater> make_gzip_inflater() {
    return std::make_unique<GzipInflater>();
}

std::unique_ptr<Inflater> make_zstd_inflater() {
    return std::make_unique<ZstdInflater>();
}

}  // namespace fairlist::importer
