#include "importer/fetch/rsync.h"

#include "importer/fetch/descriptor.h"
#include "importer/fetch/resolve.h"
#include "importer/fetch/scratch_folder.h"
#include "listing/base/check.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <expected>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLookEveryMs = 100;
constexpr std::size_t kComplaintBytesMax = 300;

// Actions of posix_spawn, freed with the object.
class SpawnActions {
  public:
    SpawnActions() { FAIRLIST_CHECK(posix_spawn_file_actions_init(&actions_) == 0); }
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;

    void open(int fd, const char* path, int flags) {
        FAIRLIST_CHECK(posix_spawn_file_actions_addopen(&actions_, fd, path, flags, 0600) == 0);
    }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

std::string source_argument(const Url& url, const std::string& address) {
    const bool is_v6 = address.find(':') != std::string::npos;
    return fmt::format("rsync://{}{}{}", is_v6 ? fmt::format("[{}]", address) : address,
                       url.port.empty() ? "" : ":" + url.port, url.path);
}

std::vector<std::string> arguments(const RsyncRequest& request, const std::string& source) {
    // Neither links nor devices: only regular files and folders arrive.
    return {request.program,
            "--recursive",
            "--no-motd",
            fmt::format("--max-size={}", request.bytes_max),
            fmt::format("--timeout={}", request.timeout_s),
            fmt::format("--contimeout={}", request.timeout_s),
            "--",
            source,
            request.folder.string() + "/"};
}

Result<pid_t> spawn(const RsyncRequest& request, const std::string& source,
                    const std::filesystem::path& complaints) {
    std::vector<std::string> texts = arguments(request, source);
    std::vector<char*> argv;
    for (std::string& text : texts) {
        argv.push_back(text.data());
    }
    argv.push_back(nullptr);
    const char* path = std::getenv("PATH");
    std::string path_variable = fmt::format("PATH={}", path == nullptr ? "/usr/bin:/bin" : path);
    std::string locale_variable = "LC_ALL=C";
    std::array<char*, 3> environment = {path_variable.data(), locale_variable.data(), nullptr};
    SpawnActions actions;
    actions.open(0, "/dev/null", O_RDONLY);
    actions.open(1, "/dev/null", O_WRONLY);
    actions.open(2, complaints.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
    pid_t pid = 0;
    const int code = posix_spawnp(&pid, request.program.c_str(), actions.get(), nullptr,
                                  argv.data(), environment.data());
    if (code != 0) {
        return fail(code == ENOENT ? Errc::NotFound : Errc::Io,
                    fmt::format("cannot run {}: {}", request.program,
                                std::generic_category().message(code)));
    }
    return pid;
}

std::uint64_t bytes_below(const std::filesystem::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code error;
    // Files come and go while rsync works: what cannot be read is looked at the next time.
    for (std::filesystem::recursive_directory_iterator it(folder, error), end; it != end && !error;
         it.increment(error)) {
        std::error_code ignored;
        const std::uint64_t size = it->is_regular_file(ignored) ? it->file_size(ignored) : 0;
        bytes += ignored ? 0 : size;
    }
    return bytes;
}

// Ends the child when `error` is set, and takes its exit status in any case.
Result<int> reap(pid_t pid, const std::optional<Error>& error) {
    if (error) {
        ::kill(pid, SIGKILL);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return error ? Result<int>(std::unexpected(*error)) : Result<int>(status);
}

// Waits for the child, and ends it when it passes a limit.
Result<int> supervise(pid_t pid, const RsyncRequest& request) {
    const Descriptor child(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!child.is_open()) {
        return reap(pid, io_error("watch", request.program).error());
    }
    const auto deadline = Clock::now() + std::chrono::seconds(request.timeout_s);
    std::optional<Error> error;
    while (!error) {
        pollfd waiting{child.get(), POLLIN, 0};
        if (::poll(&waiting, 1, kLookEveryMs) > 0) {
            break;
        }
        const std::uint64_t bytes = bytes_below(request.folder);
        if (request.progress) {
            request.progress(bytes);
        }
        if (bytes > request.bytes_max) {
            error = Error{Errc::OutOfRange,
                          fmt::format("larger than the limit of {} bytes", request.bytes_max)};
        } else if (Clock::now() >= deadline) {
            error = Error{Errc::Io, fmt::format("timed out after {} s", request.timeout_s)};
        }
    }
    return reap(pid, error);
}

// The first line of what rsync wrote to its standard error.
std::string complaint_in(const std::filesystem::path& path) {
    auto file = open_to_read_no_link(path);
    std::string text(kComplaintBytesMax, '\0');
    if (!file) {
        return {};
    }
    DescriptorStream stream(std::move(*file), path.string());
    text.resize(stream.read(text).value_or(0));
    return text.substr(0, text.find('\n'));
}

Result<void> run(const RsyncRequest& request, const std::string& source,
                 const std::filesystem::path& complaints) {
    const auto pid = spawn(request, source, complaints);
    if (!pid) {
        return std::unexpected(pid.error());
    }
    const auto status = supervise(*pid, request);
    if (!status) {
        return std::unexpected(status.error());
    }
    if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
        return fail(Errc::Io, fmt::format("rsync failed: {}", complaint_in(complaints)));
    }
    return {};
}

}  // namespace

Result<void> rsync_fetch(const RsyncRequest& request) {
    const auto address = resolve_allowed(request.url.host, request.guard);
    if (!address) {
        return fail_in(request.url.shown, address.error());
    }
    const auto scratch = make_scratch_folder(request.folder.parent_path());
    if (!scratch) {
        return std::unexpected(scratch.error());
    }
    const auto done =
        run(request, source_argument(request.url, *address), scratch->path() / "complaints");
    return done ? done : fail_in(request.url.shown, done.error());
}

}  // namespace fairlist::importer
