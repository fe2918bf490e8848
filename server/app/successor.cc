#include "server/app/successor.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <expected>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fairlist::app {

namespace {

// A start takes some milliseconds; systemd's watchdog waits longer than this.
constexpr int kRehearsalMsMax = 10'000;
constexpr std::size_t kOutputBytesMax = 65536;

// Pointers to the strings and a null, as exec takes them.
std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (std::string& text : strings) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment_with(const std::string& handover) {
    const std::string ours = std::string(kHandoverVariable) + '=';
    std::vector<std::string> result = {ours + handover};
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (!std::string_view(*entry).starts_with(ours)) {
            result.emplace_back(*entry);
        }
    }
    return result;
}

void set_inheritable(const std::vector<NamedDescriptor>& sockets, bool inheritable) noexcept {
    for (const NamedDescriptor& socket : sockets) {
        fcntl(socket.descriptor, F_SETFD, inheritable ? 0 : FD_CLOEXEC);
    }
}

// The program's signals are blocked here, and are to have their usual effect there.
class SpawnSettings {
  public:
    explicit SpawnSettings(int output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
        sigset_t none{};
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }

    // 0, or an errno value.
    int spawn(pid_t& child, std::vector<std::string> words, std::vector<std::string> environment) {
        return posix_spawnp(&child, words.front().c_str(), &actions_, &attributes_,
                            pointers(words).data(), pointers(environment).data());
    }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

// Waits for its end, and makes one when it is late. Returns as waitpid(2) does.
int status_of(pid_t child) {
    // By number: glibc 2.36 declares pidfd_open without its C linkage.
    const net::Socket process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    pollfd end{.fd = process.descriptor(), .events = POLLIN, .revents = 0};
    if (poll(&end, 1, kRehearsalMsMax) != 1) {
        kill(child, SIGKILL);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

void log_output(const net::Socket& output) {
    std::string text(kOutputBytesMax, '\0');
    const ssize_t size = pread(output.descriptor(), text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    std::string_view left = text;
    while (!left.empty()) {
        const std::size_t end = std::min(left.find('\n'), left.size());
        spdlog::error("rehearsal: {}", left.substr(0, end));
        left.remove_prefix(std::min(end + 1, left.size()));
    }
}

Result<void> judge(const std::string& program, int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return {};
    }
    if (WIFEXITED(status)) {
        return fail(Errc::Refused, fmt::format("\"{}\" would not start: its rehearsal ended with "
                                               "status {}",
                                               program, WEXITSTATUS(status)));
    }
    return fail(Errc::Refused, fmt::format("\"{}\" would not start: its rehearsal was ended by "
                                           "signal {}",
                                           program, WTERMSIG(status)));
}

}  // namespace

Successor::Successor(int count, const char* const* words) : words_(words, words + count) {}

Result<void> Successor::rehearse(const std::vector<NamedDescriptor>& sockets) const {
    const net::Socket output(memfd_create("rehearsal", MFD_CLOEXEC));
    if (!output.is_open()) {
        return fail(Errc::Io, "no memory file: " + net::system_message(errno));
    }
    std::vector<std::string> words = words_;
    words.emplace_back("--rehearse");
    pid_t child = 0;
    set_inheritable(sockets, true);
    const int error =
        SpawnSettings(output.descriptor())
            .spawn(child, words, environment_with(format_handover(getpid(), sockets)));
    set_inheritable(sockets, false);
    if (error != 0) {
        return fail(Errc::Io, fmt::format("\"{}\" cannot be executed: {}", words_.front(),
                                          net::system_message(error)));
    }
    Result<void> judged = judge(words_.front(), status_of(child));
    if (!judged) {
        log_output(output);
    }
    return judged;
}

Error Successor::replace_this_program(const std::vector<NamedDescriptor>& sockets) const {
    std::vector<std::string> words = words_;
    std::vector<std::string> environment = environment_with(format_handover(getpid(), sockets));
    set_inheritable(sockets, true);
    execvpe(words.front().c_str(), pointers(words).data(), pointers(environment).data());
    const int error = errno;
    set_inheritable(sockets, false);
    return {Errc::Io, fmt::format("\"{}\" cannot be executed: {}", words_.front(),
                                  net::system_message(error))};
}

}  // namespace fairlist::app
