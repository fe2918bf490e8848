#include "server/net/udp_server.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <pthread.h>
#include <signal.h>
#include <utility>

namespace fairlist::net {

namespace {

// More cannot wait in a receive buffer of 4 MiB than about this many small datagrams.
constexpr unsigned kDrainBatchesMax = 256;
// Fewer have nothing to overlap with.
constexpr std::size_t kExpectAtLeast = 4;
// After an error that is not the peer's doing (no memory), lest the worker spins.
constexpr std::chrono::milliseconds kErrorPause{10};
constexpr std::chrono::milliseconds kWakePause{1};

// Ends a worker's wait in recvmmsg. Shutting the socket down would end it as well, but for ever:
// the next owner of the socket would find it dead. glibc works the number out at run time.
int wake_signal() noexcept {
    return SIGRTMIN;
}

void ignore_signal(int) {}

void install_wake_handler() noexcept {
    struct sigaction action{};
    action.sa_handler = ignore_signal;  // and no SA_RESTART: the wait is to end
    sigaction(wake_signal(), &action, nullptr);
}

// The parent may have left it blocked.
void set_wake_signal(int how) noexcept {
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, wake_signal());
    pthread_sigmask(how, &set, nullptr);
}

}  // namespace

UdpServer::UdpServer(Socket socket, std::string name, MessageHandler& handler, Counters& counters)
    : socket_(std::move(socket)), name_(std::move(name)), handler_(handler), counters_(counters) {}

UdpServer::~UdpServer() {
    request_stop();
    join();
}

void UdpServer::start() {
    install_wake_handler();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), name_.c_str());
}

void UdpServer::request_stop() noexcept {
    stopping_.store(true, std::memory_order_relaxed);
    wake();
}

void UdpServer::wake() noexcept {
    if (thread_.joinable()) {
        pthread_kill(thread_.native_handle(), wake_signal());
    }
}

void UdpServer::join() noexcept {
    // A signal that comes between the worker's look at stopping_ and its wait ends nothing, so they
    // are repeated until the worker has seen what they are for.
    while (thread_.joinable() && !has_seen_stop_.load(std::memory_order_acquire)) {
        wake();
        std::this_thread::sleep_for(kWakePause);
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

void UdpServer::run() noexcept {
    const int descriptor = socket_.descriptor();
    set_wake_signal(SIG_UNBLOCK);
    while (!stopping_.load(std::memory_order_relaxed)) {
        received_ = batch_.receive(descriptor, 0);
        if (received_ != 0) {
            serve();
        } else if (errno != EINTR) {
            std::this_thread::sleep_for(kErrorPause);
        }
    }
    set_wake_signal(SIG_BLOCK);
    has_seen_stop_.store(true, std::memory_order_release);
    for (unsigned round = 0; round < kDrainBatchesMax; ++round) {
        received_ = batch_.receive(descriptor, MSG_DONTWAIT);
        if (received_ == 0) {
            break;
        }
        serve();
    }
}

void UdpServer::serve() noexcept {
    handler_.begin_batch(current_moment());
    if (received_ >= kExpectAtLeast) {
        handler_.expect(batch_.queries());
    }
    for (std::size_t index = 0; index < received_; ++index) {
        const std::optional<Endpoint> sender = batch_.sender(index);
        if (!sender) {
            counters_.queries.add();
            counters_.dropped.add();
            continue;
        }
        const answer::Client client{.address = sender->address, .over_tcp = false};
        const std::size_t size =
            handler_.answer(batch_.query(index), client, batch_.answer_space(index));
        if (size != 0) {
            batch_.add_answer(index, size);
        }
    }
    handler_.end_batch();
    counters_.send_errors.add(batch_.send(socket_.descriptor()));
}

}  // namespace fairlist::net
