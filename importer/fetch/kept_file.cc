#include "importer/fetch/kept_file.h"

#include "listing/base/check.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <expected>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fairlist::importer {

namespace {

// These bytes are on disk.
constexpr std::array<char, 4> kNameMagic = {0x50, 0x2A, 0x4D, 0x18};
constexpr std::size_t kNameHeaderBytes = 8;  // magic and length, little-endian
// Of the time of an import the next level takes twice as much, for a tenth less on disk.
constexpr int kLevel = 1;
// Beside the parser.
constexpr int kCompressorThreads = 1;

struct CompressorFree {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

std::array<char, kNameHeaderBytes> name_header(std::size_t bytes) {
    std::array<char, kNameHeaderBytes> header{};
    std::ranges::copy(kNameMagic, header.begin());
    for (std::size_t i = 0; i < 4; ++i) {
        header[4 + i] = static_cast<char>(bytes >> (8 * i) & 0xFFU);
    }
    return header;
}

std::size_t name_bytes(std::span<const char> header) {
    std::size_t bytes = 0;
    for (std::size_t i = 4; i-- > 0;) {
        bytes = bytes << 8U | static_cast<unsigned char>(header[4 + i]);
    }
    return bytes;
}

}  // namespace

struct KeptWriter::State {
    std::filesystem::path path;
    Descriptor file;
    std::unique_ptr<ZSTD_CCtx, CompressorFree> context{ZSTD_createCCtx()};
    std::vector<char> out = std::vector<char>(ZSTD_CStreamOutSize());
    bool in_frame = false;

    Result<void> pack(std::span<const char> bytes, ZSTD_EndDirective mode) {
        ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
        std::size_t left = 1;
        while (mode == ZSTD_e_end ? left != 0 : from.pos != from.size) {
            ZSTD_outBuffer to{out.data(), out.size(), 0};
            left = ZSTD_compressStream2(context.get(), &to, &from, mode);
            FAIRLIST_CHECK(ZSTD_isError(left) == 0);
            if (const auto written = write_all(file, {out.data(), to.pos}, path); !written) {
                return written;
            }
        }
        return {};
    }

    Result<void> end_frame() {
        const bool was_in_frame = std::exchange(in_frame, false);
        return was_in_frame ? pack({}, ZSTD_e_end) : Result<void>();
    }
};

KeptWriter::KeptWriter() = default;
KeptWriter::KeptWriter(KeptWriter&&) noexcept = default;
KeptWriter& KeptWriter::operator=(KeptWriter&&) noexcept = default;

KeptWriter::~KeptWriter() {
    if (state_) {
        std::error_code ignored;
        std::filesystem::remove(state_->path, ignored);
    }
}

Result<void> KeptWriter::open(const std::filesystem::path& path) {
    auto state = std::make_unique<State>();
    FAIRLIST_CHECK(state->context != nullptr);
    FAIRLIST_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(state->context.get(),
                                                       ZSTD_c_compressionLevel, kLevel)) == 0);
    // A libzstd without threads compresses in this one.
    static_cast<void>(
        ZSTD_CCtx_setParameter(state->context.get(), ZSTD_c_nbWorkers, kCompressorThreads));
    state->path = path;
    state->file = Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!state->file.is_open()) {
        return io_error("create", path);
    }
    state_ = std::move(state);
    return {};
}

Result<void> KeptWriter::begin(const std::string& name) {
    FAIRLIST_CHECK(state_ != nullptr);
    if (const auto ended = state_->end_frame(); !ended) {
        return ended;
    }
    const std::string cut = name.substr(0, kKeptNameBytesMax);
    const auto header = name_header(cut.size());
    if (const auto written = write_all(state_->file, header, state_->path); !written) {
        return written;
    }
    state_->in_frame = true;
    return write_all(state_->file, cut, state_->path);
}

Result<void> KeptWriter::write(std::span<const char> bytes) {
    FAIRLIST_CHECK(state_ != nullptr && state_->in_frame);
    return state_->pack(bytes, ZSTD_e_continue);
}

Result<void> KeptWriter::finish(const std::filesystem::path& final_path) {
    FAIRLIST_CHECK(state_ != nullptr);
    if (const auto ended = state_->end_frame(); !ended) {
        return ended;
    }
    if (::fsync(state_->file.get()) != 0) {
        return io_error("sync", state_->path);
    }
    if (std::rename(state_->path.c_str(), final_path.c_str()) != 0) {
        return io_error("rename to", final_path);
    }
    state_.reset();
    return sync_folder(final_path.parent_path());
}

KeptReader::KeptReader(Descriptor file, const std::filesystem::path& path)
    : file_(std::move(file), path.string()), name_(path.string()), buffer_(256UZ << 10U) {}

Result<std::unique_ptr<KeptReader>> KeptReader::open(const std::filesystem::path& path) {
    auto file = open_to_read_no_link(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    return std::unique_ptr<KeptReader>(new KeptReader(std::move(*file), path));
}

std::span<const char> KeptReader::pending() const noexcept {
    return std::span(buffer_).subspan(begin_, end_ - begin_);
}

Result<bool> KeptReader::require(std::size_t bytes) {
    FAIRLIST_CHECK(bytes <= buffer_.size());
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    while (end_ < bytes) {
        const auto got = file_.read(std::span(buffer_).subspan(end_));
        if (!got) {
            return std::unexpected(got.error());
        }
        if (*got == 0) {
            return false;
        }
        end_ += *got;
    }
    return true;
}

Result<std::optional<std::string>> KeptReader::next() {
    const auto has_header = require(kNameHeaderBytes);
    if (!has_header) {
        return std::unexpected(has_header.error());
    }
    if (!*has_header && pending().empty()) {
        return std::optional<std::string>();
    }
    const bool is_named =
        *has_header && std::ranges::equal(pending().first(kNameMagic.size()), kNameMagic);
    const std::size_t bytes = is_named ? name_bytes(pending()) : 0;
    if (!is_named || bytes > kKeptNameBytesMax) {
        return fail(Errc::Malformed, fmt::format("{}: damaged: no file name", name_));
    }
    const auto has_name = require(kNameHeaderBytes + bytes);
    if (!has_name || !*has_name) {
        return has_name ? fail(Errc::Malformed, fmt::format("{}: truncated", name_))
                        : std::unexpected(has_name.error());
    }
    std::string name(pending().data() + kNameHeaderBytes, bytes);
    begin_ += kNameHeaderBytes + bytes;
    inflater_ = make_zstd_inflater();
    return name;
}

Result<std::size_t> KeptReader::read(std::span<char> out) {
    // Every turn takes input, gives output or ends.
    while (inflater_ != nullptr) {
        const auto more = begin_ == end_ ? require(1) : Result<bool>(true);
        if (!more) {
            return std::unexpected(more.error());
        }
        const auto step = inflater_->inflate(pending(), out);
        if (!step) {
            return fail_in(name_, step.error());
        }
        begin_ += step->taken;
        if (inflater_->is_complete()) {
            inflater_.reset();
        }
        if (step->given != 0) {
            return step->given;
        }
        if (inflater_ != nullptr && !*more) {
            return fail(Errc::Malformed, fmt::format("{}: truncated", name_));
        }
    }
    return 0UZ;
}

}  // namespace fairlist::importer
