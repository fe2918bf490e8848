#include "importer/fetch/source.h"

#include "importer/fetch/descriptor.h"
#include "importer/fetch/http.h"
#include "importer/fetch/rsync.h"
#include "importer/fetch/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fairlist::importer {

namespace fs = std::filesystem;

Result<std::optional<SourceFile>> Source::next() {
    if (standard_input_) {
        standard_input_ = false;
        Descriptor file(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
        if (!file.is_open()) {
            return io_error("open", "standard input");
        }
        const std::string name = "standard input";
        auto stream = std::make_unique<DescriptorStream>(std::move(file), name);
        return SourceFile{name, decode(std::move(stream), name, limits_)};
    }
    if (next_ == parts_.size()) {
        return std::optional<SourceFile>();
    }
    const Part& part = parts_[next_++];
    auto file = part.follow_link ? open_to_read(part.path) : open_to_read_no_link(part.path);
    if (!file) {
        return std::unexpected(file.error());
    }
    auto stream = std::make_unique<DescriptorStream>(std::move(*file), part.name);
    return SourceFile{part.name, decode(std::move(stream), part.name, limits_)};
}

class SourceOpener {
  public:
    explicit SourceOpener(const FetchRequest& request) : request_(request) {
        source_.limits_.bytes_max = request.bytes_max;
    }

    Result<Source> open() {
        const auto url = parse_url(request_.url);
        if (!url) {
            return std::unexpected(url.error());
        }
        if (const auto opened = open_scheme(*url); !opened) {
            return std::unexpected(opened.error());
        }
        return std::move(source_);
    }

  private:
    Result<void> open_scheme(const Url& url) {
        switch (url.scheme) {
            case Scheme::StandardInput:
                source_.standard_input_ = true;
                return {};
            case Scheme::File:
                return open_path(url.text);
            case Scheme::Rsync:
                return open_rsync(url);
            case Scheme::Http:
            case Scheme::Https:
                break;
        }
        return open_http(url);
    }

    Result<void> open_path(const fs::path& path) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            source_.parts_.push_back({path, path.string(), true});
            return {};
        }
        // Named by mistake: what a store holds is no source, and it would read what it writes.
        if (fs::exists(path / "data.mdb", error)) {
            return fail(
                Errc::Refused,
                fmt::format("folder {}: holds a store: expected files of listings", path.string()));
        }
        return list_folder(path, path.string());
    }

    Result<void> list_folder(const fs::path& folder, const std::string& shown) {
        std::error_code error;
        for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
             it.increment(error)) {
            if (it->path().filename().string().starts_with('.')) {
                it.disable_recursion_pending();
                continue;
            }
            if (const auto added = add_found(*it, folder, shown); !added) {
                return added;
            }
        }
        if (error) {
            return fail(Errc::Io, fmt::format("read folder {}: {}", shown, error.message()));
        }
        std::ranges::sort(source_.parts_, {}, &Source::Part::name);
        return {};
    }

    Result<void> add_found(const fs::directory_entry& found, const fs::path& folder,
                           const std::string& shown) {
        std::error_code error;
        const std::string name =
            fmt::format("{}/{}", shown, found.path().lexically_relative(folder).string());
        if (found.is_symlink(error)) {
            return fail(
                Errc::Refused,
                fmt::format("{}: a symbolic link in a feed's folder: expected files", name));
        }
        if (!found.is_regular_file(error)) {
            return {};
        }
        if (source_.parts_.size() == kFolderFilesMax) {
            return fail(Errc::OutOfRange,
                        fmt::format("folder {}: more than {} files", shown, kFolderFilesMax));
        }
        source_.parts_.push_back({found.path(), name, false});
        return {};
    }

    Result<void> make_scratch() {
        auto scratch = make_scratch_folder(request_.scratch_parent);
        if (!scratch) {
            return std::unexpected(scratch.error());
        }
        source_.scratch_ = std::move(*scratch);
        return {};
    }

    Result<void> open_http(const Url& url) {
        if (const auto made = make_scratch(); !made) {
            return made;
        }
        HttpRequest get;
        get.url = url;
        get.etag = request_.etag;
        get.last_modified = request_.last_modified;
        get.file = source_.scratch_.path() / "download";
        get.bytes_max = request_.bytes_max;
        get.timeout_s = request_.timeout_s;
        get.guard = request_.guard;
        get.progress = request_.progress;
        auto response = http_fetch(get);
        if (!response) {
            return std::unexpected(response.error());
        }
        source_.unchanged_ = response->unchanged;
        source_.etag_ = std::move(response->etag);
        source_.last_modified_ = std::move(response->last_modified);
        if (!source_.unchanged_) {
            source_.parts_.push_back({get.file, url.shown, false});
        }
        return {};
    }

    Result<void> open_rsync(const Url& url) {
        if (const auto made = make_scratch(); !made) {
            return made;
        }
        RsyncRequest copy;
        copy.url = url;
        copy.folder = source_.scratch_.path() / "files";
        copy.bytes_max = request_.bytes_max;
        copy.timeout_s = request_.timeout_s;
        copy.guard = request_.guard;
        copy.progress = request_.progress;
        std::error_code error;
        if (!fs::create_directory(copy.folder, error)) {
            return fail(Errc::Io,
                        fmt::format("make folder {}: {}", copy.folder.string(), error.message()));
        }
        if (const auto done = rsync_fetch(copy); !done) {
            return done;
        }
        return list_folder(copy.folder, url.shown);
    }

    const FetchRequest& request_;
    Source source_;
};

Result<Source> open_source(const FetchRequest& request) {
    return SourceOpener(request).open();
}

}  // namespace fairlist::importer
