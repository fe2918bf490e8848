#include "tests/bench/load_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <poll.h>
#include <sys/resource.h>

namespace fairlist::bench {

namespace {

constexpr double kNsPerSecond = 1e9;
// At a fixed rate the processor is left to others between queries.
constexpr timespec kRest{.tv_sec = 0, .tv_nsec = 50'000};

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// How long this process could have run and had no processor; 0 where the kernel does not tell.
double waited_seconds() {
    std::ifstream file("/proc/self/schedstat");
    double running = 0;
    double waiting = 0;
    file >> running >> waiting;
    return waiting / kNsPerSecond;
}

}  // namespace

LoadRun::LoadRun(const QueryFile& queries, const LoadOptions& options)
    : queries_(queries), options_(options), next_(options.skip % queries.size()) {
    for (std::size_t number = 0; number < options_.sockets; ++number) {
        sockets_.push_back(std::make_unique<LoadSocket>(options_.server));
    }
}

void LoadRun::run() {
    waited_before_ = waited_seconds();
    start_ns_ = now_ns();
    const std::uint64_t end =
        start_ns_ + static_cast<std::uint64_t>(options_.seconds * kNsPerSecond);
    const auto timeout = static_cast<std::uint64_t>(options_.timeout_s * kNsPerSecond);
    for (std::uint64_t now = start_ns_; now < end + timeout; now = now_ns()) {
        const bool sending = is_sending(now, end);
        if (!sending && outstanding() == 0) {
            break;
        }
        if (!turn(now, sending) && options_.rate > 0) {
            rest();
        }
        if (sending) {
            seconds_ = static_cast<double>(now_ns() - start_ns_) / kNsPerSecond;
        }
        for (const auto& socket : sockets_) {
            socket->expire(now - std::min(now, timeout), counts_);
        }
    }
    counts_.lost += outstanding();
}

bool LoadRun::is_sending(std::uint64_t now, std::uint64_t end) const {
    return now < end && (options_.count == 0 || counts_.sent < options_.count) &&
           (options_.stopping == nullptr || !options_.stopping->load());
}

bool LoadRun::turn(std::uint64_t now, bool sending) {
    bool active = false;
    for (const auto& socket : sockets_) {
        if (socket->outstanding() != 0 && socket->receive(counts_) != 0) {
            note_answers(now_ns());
            active = true;
        }
        const std::size_t wanted = sending ? due(*socket, now) : 0;
        if (wanted != 0 && socket->send(queries_, next_, wanted, now_ns(), counts_) != 0) {
            active = true;
            if (waiting_since_ns_ == 0) {
                waiting_since_ns_ = now_ns();
            }
        }
    }
    return active;
}

std::size_t LoadRun::due(const LoadSocket& socket, std::uint64_t now) const {
    if (options_.count != 0 && options_.rate == 0) {
        const std::size_t share = std::max<std::size_t>(options_.window / sockets_.size(), 1);
        return std::min<std::uint64_t>(share - std::min(share, socket.outstanding()),
                                       options_.count - counts_.sent);
    }
    if (options_.rate > 0) {
        const double elapsed = static_cast<double>(now - start_ns_) / kNsPerSecond;
        const auto wanted = static_cast<std::uint64_t>(elapsed * options_.rate);
        return wanted - std::min(wanted, counts_.sent);
    }
    const std::size_t share = std::max<std::size_t>(options_.window / sockets_.size(), 1);
    const std::size_t free = share - std::min(share, socket.outstanding());
    // Waiting until half of the window is free makes batches.
    return free >= std::min(share / 2 + 1, LoadSocket::kBatchMax) ? free : 0;
}

std::size_t LoadRun::outstanding() const {
    std::size_t sum = 0;
    for (const auto& socket : sockets_) {
        sum += socket->outstanding();
    }
    return sum;
}

void LoadRun::note_answers(std::uint64_t now) {
    if (waiting_since_ns_ != 0 && now - waiting_since_ns_ > silence_ns_) {
        silence_ns_ = now - waiting_since_ns_;
        silence_end_ns_ = now - start_ns_;
    }
    waiting_since_ns_ = outstanding() == 0 ? 0 : now;
}

void LoadRun::rest() {
    std::vector<pollfd> wanted;
    for (const auto& socket : sockets_) {
        wanted.push_back({.fd = socket->descriptor(), .events = POLLIN, .revents = 0});
    }
    ppoll(wanted.data(), wanted.size(), &kRest, nullptr);
}

std::string LoadRun::report() const {
    const double answered = static_cast<double>(std::max<std::uint64_t>(counts_.answered, 1));
    return fmt::format(
        R"({{"sent": {}, "answered": {}, "lost": {}, "positive": {}, "negative": {}, "failed": {}, )"
        R"("records": {}, "seconds": {:.4f}, "qps": {:.0f}, "answer_bytes": {:.1f}, )"
        R"("p50_us": {:.1f}, "p99_us": {:.1f}, "p999_us": {:.1f}, "silence_ms": {:.3f}, )"
        R"("silence_at_s": {:.3f}, "load_cpu_us": {:.3f}, "load_waited_s": {:.3f}}})",
        counts_.sent, counts_.answered, counts_.lost, counts_.positive, counts_.negative,
        counts_.failed, counts_.records, seconds_, static_cast<double>(counts_.answered) / seconds_,
        static_cast<double>(counts_.bytes) / answered, counts_.latency.quantile(.5),
        counts_.latency.quantile(.99), counts_.latency.quantile(.999),
        static_cast<double>(silence_ns_) / 1e6, static_cast<double>(silence_end_ns_) / kNsPerSecond,
        cpu_seconds() * 1e6 / answered, waited_seconds() - waited_before_);
}

}  // namespace fairlist::bench
