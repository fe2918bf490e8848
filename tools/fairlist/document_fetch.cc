#include "tools/fairlist/document_fetch.h"

#include "importer/fetch/url.h"
#include "tools/fairlist/progress_meter.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <expected>
#include <filesystem>
#include <memory>
#include <utility>

namespace fairlist::cli {

namespace {

constexpr std::size_t kBlockBytes = 64UZ << 10U;

Result<std::string> read_all(importer::ByteStream& bytes, const std::string& name,
                             std::uint64_t bytes_max) {
    std::string text;
    const auto block = std::make_unique<std::array<char, kBlockBytes>>();
    while (true) {
        const auto read = bytes.read(*block);
        if (!read) {
            return std::unexpected(read.error());
        }
        if (*read == 0) {
            return text;
        }
        if (text.size() + *read > bytes_max) {
            return fail(Errc::OutOfRange, fmt::format("{}: more than {} bytes", name, bytes_max));
        }
        text.append(block->data(), *read);
    }
}

}  // namespace

Result<importer::Source> open_document(const DocumentRequest& request) {
    const auto meter = std::make_shared<ProgressMeter>(error_is_terminal(),
                                                       std::chrono::steady_clock::now, print_error);
    importer::FetchRequest fetch;
    fetch.url = request.url;
    fetch.etag = request.etag;
    fetch.last_modified = request.last_modified;
    fetch.scratch_parent = std::filesystem::temp_directory_path();
    fetch.bytes_max = request.bytes_max;
    fetch.guard.allow_private = request.allow_private;
    fetch.progress = [meter](std::uint64_t bytes) {
        meter->update("fetching", bytes, 0);
    };
    return importer::open_source(fetch);
}

Result<Document> fetch_document(const DocumentRequest& request) {
    auto source = open_document(request);
    if (!source) {
        return std::unexpected(source.error());
    }
    Document document;
    document.is_unchanged = source->is_unchanged();
    document.etag = source->etag();
    document.last_modified = source->last_modified();
    if (document.is_unchanged) {
        return document;
    }
    auto file = source->next();
    if (!file) {
        return std::unexpected(file.error());
    }
    if (!*file) {
        return fail(Errc::Refused,
                    fmt::format("{}: expected one file, not an empty folder", request.url));
    }
    document.name = (*file)->name;
    auto text = read_all(*(*file)->bytes, document.name, request.bytes_max);
    if (!text) {
        return std::unexpected(text.error());
    }
    document.text = std::move(*text);
    const auto more = source->next();
    if (!more || *more) {
        return fail(Errc::Refused, fmt::format("{}: expected one file, not a folder", request.url));
    }
    return document;
}

}  // namespace fairlist::cli
