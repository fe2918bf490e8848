#include "server/config/file_glob.h"

#include "server/config/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <glob.h>
#include <span>
#include <string_view>

namespace fairlist::config {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMatchesMax = 1000;
constexpr std::string_view kWildcards = "*?[";

// The folder's own name is no pattern, whatever characters it has.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || kWildcards.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

struct Matches {
    Matches() = default;
    ~Matches() { ::globfree(&raw); }
    Matches(const Matches&) = delete;
    Matches& operator=(const Matches&) = delete;
    Matches(Matches&&) = delete;
    Matches& operator=(Matches&&) = delete;

    ::glob_t raw{};
};

}  // namespace

Result<std::vector<fs::path>> glob_files(const fs::path& folder, const std::string& pattern) {
    if (pattern.empty() || pattern.find('\0') != std::string::npos) {
        return fail(Errc::Malformed, fmt::format("{}: expected a file name", quote(pattern)));
    }
    const fs::path whole = fs::path(pattern).is_absolute()
                               ? fs::path(pattern)
                               : fs::path(escaped(folder.string())) / pattern;
    Matches matches;
    // Unsafe beside other threads is only the look-up of "~", which is off.
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    const int code = ::glob(whole.c_str(), GLOB_NOSORT, nullptr, &matches.raw);
    if (code == GLOB_NOMATCH) {
        if (pattern.find_first_of(kWildcards) != std::string::npos) {
            return std::vector<fs::path>();
        }
        return fail(Errc::NotFound, fmt::format("{}: no such file", quote(whole.string())));
    }
    if (code != 0) {
        return fail(Errc::Io, fmt::format("{}: cannot be searched", quote(whole.string())));
    }
    if (matches.raw.gl_pathc > kMatchesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("{}: matches {} files, the limit is {}", quote(pattern),
                                matches.raw.gl_pathc, kMatchesMax));
    }
    std::vector<fs::path> files;
    for (const char* name : std::span(matches.raw.gl_pathv, matches.raw.gl_pathc)) {
        files.push_back(fs::path(name).lexically_normal());
    }
    std::ranges::sort(files, {}, [](const fs::path& file) { return file.string(); });
    return files;
}

}  // namespace fairlist::config
