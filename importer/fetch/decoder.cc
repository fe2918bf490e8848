#include "importer/fetch/decoder.h"

#include "importer/fetch/inflater.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <expected>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr std::size_t kBlockBytes = 256UZ << 10U;
constexpr std::size_t kMagicBytesMax = 6;

struct Magic {
    std::string_view bytes;
    std::string_view name;
    std::unique_ptr<Inflater> (*make)();  // null: known, but not read
};

constexpr std::array kMagics = std::to_array<Magic>({
    {"\x1F\x8B", "gzip", make_gzip_inflater},
    {"\x28\xB5\x2F\xFD", "zstd", make_zstd_inflater},
    // A skippable frame (RFC 8878 section 3.1.2), with which a kept version begins.
    {"\x50\x2A\x4D\x18", "zstd", make_zstd_inflater},
    {"\xFD\x37zXZ", "xz", nullptr},
    {"BZh", "bzip2", nullptr},
    {"PK\x03\x04", "zip", nullptr},
});

class Decoder : public ByteStream {
  public:
    Decoder(std::unique_ptr<ByteStream> source, std::string name, const DecodeLimits& limits)
        : source_(std::move(source)), name_(std::move(name)), limits_(limits), in_(kBlockBytes) {}

    Result<std::size_t> read(std::span<char> out) override {
        if (!started_) {
            if (const auto started = start(); !started) {
                return fail_in(name_, started.error());
            }
        }
        Result<std::size_t> got = inflater_ ? inflate(out) : pass(out);
        if (!got) {
            return fail_in(name_, got.error());
        }
        bytes_out_ += *got;
        if (const auto within = check_limits(); !within) {
            return fail_in(name_, within.error());
        }
        return got;
    }

  private:
    Result<void> start() {
        started_ = true;
        while (pending().size() < kMagicBytesMax && !at_end_) {
            if (const auto filled = fill(); !filled) {
                return filled;
            }
        }
        const std::string_view head(pending().data(), pending().size());
        for (const Magic& magic : kMagics) {
            if (!head.starts_with(magic.bytes)) {
                continue;
            }
            if (magic.make == nullptr) {
                return fail(
                    Errc::Malformed,
                    fmt::format("packed with {}: expected plain text, gzip or zstd", magic.name));
            }
            inflater_ = magic.make();
            return {};
        }
        return {};
    }

    [[nodiscard]] std::span<const char> pending() const noexcept {
        return std::span(in_).subspan(begin_, end_ - begin_);
    }

    // Adds bytes of the source behind those that are pending.
    Result<void> fill() {
        std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        const auto got = source_->read(std::span(in_).subspan(end_));
        if (!got) {
            return std::unexpected(got.error());
        }
        at_end_ = *got == 0;
        end_ += *got;
        bytes_in_ += *got;
        return {};
    }

    Result<std::size_t> pass(std::span<char> out) {
        if (begin_ == end_) {
            const auto got = source_->read(out);
            bytes_in_ += got.value_or(0);
            return got;
        }
        const std::size_t bytes = std::min(out.size(), end_ - begin_);
        std::memcpy(out.data(), pending().data(), bytes);
        begin_ += bytes;
        return bytes;
    }

    Result<std::size_t> inflate(std::span<char> out) {
        // Every turn takes input or gives output, so the source's length bounds the loop.
        while (true) {
            if (begin_ == end_ && !at_end_) {
                if (const auto filled = fill(); !filled) {
                    return std::unexpected(filled.error());
                }
            }
            const auto step = inflater_->inflate(pending(), out);
            if (!step) {
                return std::unexpected(step.error());
            }
            begin_ += step->taken;
            if (step->given != 0) {
                return step->given;
            }
            if (begin_ == end_ && at_end_) {
                return finish();
            }
            if (step->taken == 0 && begin_ != end_) {
                return fail(Errc::Malformed, "damaged: no progress in the packed data");
            }
        }
    }

    [[nodiscard]] Result<std::size_t> finish() const {
        if (!inflater_->is_complete()) {
            return fail(Errc::Malformed, "truncated: the packed data end too early");
        }
        return 0UZ;
    }

    [[nodiscard]] Result<void> check_limits() const {
        if (bytes_out_ > limits_.bytes_max) {
            return fail(Errc::OutOfRange,
                        fmt::format("larger than the limit of {} bytes", limits_.bytes_max));
        }
        const bool counts =
            inflater_ && limits_.ratio_max != 0 && bytes_out_ > kDecodeRatioFromBytes;
        if (counts && bytes_out_ / limits_.ratio_max > bytes_in_) {
            return fail(Errc::OutOfRange,
                        fmt::format("unpacks to more than {} times its size", limits_.ratio_max));
        }
        return {};
    }

    std::unique_ptr<ByteStream> source_;
    std::string name_;
    DecodeLimits limits_;
    std::vector<char> in_;
    std::size_t begin_ = 0;  // <= end_ <= in_.size()
    std::size_t end_ = 0;
    bool started_ = false;
    bool at_end_ = false;
    std::unique_ptr<Inflater> inflater_;  // null: plain
    std::uint64_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
};

}  // namespace

std::unique_ptr<ByteStream> decode(std::unique_ptr<ByteStream> source, std::string name,
                                   const DecodeLimits& limits) {
    return std::make_unique<Decoder>(std::move(source), std::move(name), limits);
}

}  // namespace fairlist::importer
