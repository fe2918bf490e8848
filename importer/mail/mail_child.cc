#include "importer/mail/mail_child.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fairlist::importer {

namespace {

using Clock = std::chrono::steady_clock;

// A process has a limit of processor time: this many mails use a small part of it.
constexpr std::uint64_t kMailsPerProcess = 200;
constexpr unsigned kAttempts = 2;

// Waits until the socket is ready for `events`. False at the deadline.
bool wait_for(const Descriptor& socket, short events, Clock::time_point deadline) {
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) {
            return false;
        }
        pollfd waiting{socket.get(), events, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
}

bool send_all(const Descriptor& socket, std::string_view bytes, Clock::time_point deadline) {
    while (!bytes.empty()) {
        // MSG_NOSIGNAL: a process that has died must not end us with SIGPIPE.
        const ssize_t sent =
            ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EAGAIN && errno != EINTR) {
            return false;
        } else if (!wait_for(socket, POLLOUT, deadline)) {
            return false;
        }
    }
    return true;
}

// Exactly so many bytes; empty: they did not come.
std::string receive(const Descriptor& socket, std::size_t bytes, Clock::time_point deadline) {
    std::string out(bytes, '\0');
    std::size_t at = 0;
    while (at < bytes) {
        const ssize_t got = ::recv(socket.get(), out.data() + at, bytes - at, MSG_DONTWAIT);
        if (got > 0) {
            at += static_cast<std::size_t>(got);
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return {};
        } else if (!wait_for(socket, POLLIN, deadline)) {
            return {};
        }
    }
    return out;
}

class Actions {
  public:
    Actions() : good_(posix_spawn_file_actions_init(&actions_) == 0) {}
    ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    // The socket as standard input and output, and no other descriptor of ours.
    bool set(int socket) {
        return good_ && posix_spawn_file_actions_adddup2(&actions_, socket, 0) == 0 &&
               posix_spawn_file_actions_adddup2(&actions_, socket, 1) == 0 &&
               posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0) == 0 &&
               posix_spawn_file_actions_addclosefrom_np(&actions_, 3) == 0;
    }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
    bool good_;
};

}  // namespace

Result<std::filesystem::path> find_mail_reader() {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const std::array<std::filesystem::path, 2> candidates = {
        folder / "fairlist-mail", folder.parent_path() / "libexec" / "fairlist" / "fairlist-mail"};
    for (const auto& candidate : candidates) {
        if (std::filesystem::exists(candidate, error)) {
            return candidate;
        }
    }
    return fail(Errc::NotFound, fmt::format("no mail reader: looked for {} and {}",
                                            candidates[0].string(), candidates[1].string()));
}

MailChild::MailChild(MailChildOptions options) : options_(std::move(options)) {}

MailChild::~MailChild() {
    stop();
}

Result<MailRecord> MailChild::read(std::string_view message) {
    if (read_since_start_ >= kMailsPerProcess) {
        stop();
    }
    for (unsigned attempt = 0; attempt < kAttempts; ++attempt) {
        if (pid_ == 0) {
            if (const auto started = start(); !started) {
                return std::unexpected(started.error());
            }
        }
        if (auto record = exchange(message)) {
            ++read_since_start_;
            return record;
        }
        stop();
    }
    return fail(Errc::Malformed, "unparseable: the mail reader crashed or hung on it");
}

Result<MailRecord> MailChild::exchange(std::string_view message) {
    const auto deadline = Clock::now() + options_.timeout;
    if (!send_all(socket_, frame_head(message.size()), deadline) ||
        !send_all(socket_, message, deadline)) {
        return fail(Errc::Io, "the mail reader does not take a mail");
    }
    const std::string head = receive(socket_, kFrameHeadBytes, deadline);
    if (head.empty() || frame_bytes(head) == 0 || frame_bytes(head) > kRecordBytesMax) {
        return fail(Errc::Io, "the mail reader does not answer");
    }
    return decode_record(receive(socket_, frame_bytes(head), deadline));
}

Result<void> MailChild::start() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return io_error("connect", options_.program);
    }
    socket_ = Descriptor(ends[0]);
    const Descriptor theirs(ends[1]);
    Actions actions;
    std::string name = options_.program.string();
    std::string locale = "LC_ALL=C";
    // So that a build with sanitizers can look no further than its own process.
    std::string sanitizer = "ASAN_OPTIONS=detect_leaks=0";
    std::array<char*, 2> argv = {name.data(), nullptr};
    std::array<char*, 3> environment = {locale.data(), sanitizer.data(), nullptr};
    const int code = actions.set(theirs.get())
                         ? posix_spawn(&pid_, name.c_str(), actions.get(), nullptr, argv.data(),
                                       environment.data())
                         : ENOMEM;
    if (code != 0) {
        pid_ = 0;
        return fail(Errc::Io,
                    fmt::format("cannot run {}: {}", name, std::generic_category().message(code)));
    }
    ++starts_;
    read_since_start_ = 0;
    return {};
}

void MailChild::stop() noexcept {
    if (pid_ == 0) {
        return;
    }
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    socket_ = Descriptor();
}

}  // namespace fairlist::importer
