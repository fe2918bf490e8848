#include "server/net/udp_server.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <pthread.h>
#include <utility>

namespace fairlist::net {

namespace {

// More cannot wait in a receive buffer of 4 MiB than about this many small datagrams.
constexpr unsigned kDrainBatchesMax = 256;
// Fewer have nothing to overlap with.
constexpr std::size_t kExpectAtLeast = 4;
// After an error that is not the peer's doing (no memory), lest the worker spins.
constexpr std::chrono::milliseconds kErrorPause{10};

}  // namespace

UdpServer::UdpServer(Socket socket, std::string name, MessageHandler& handler, Counters& counters)
    : socket_(std::move(socket)), name_(std::move(name)), handler_(handler), counters_(counters) {}

UdpServer::~UdpServer() {
    request_stop();
    join();
}

void UdpServer::start() {
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), name_.c_str());
}

void UdpServer::request_stop() noexcept {
    stopping_.store(true, std::memory_order_relaxed);
    // On an unconnected socket this reports ENOTCONN, and yet it ends a wait in recvmmsg and every
    // later one.
    shutdown(socket_.descriptor(), SHUT_RD);
}

void UdpServer::join() noexcept {
    if (thread_.joinable()) {
        thread_.join();
    }
}

void UdpServer::run() noexcept {
    const int descriptor = socket_.descriptor();
    while (!stopping_.load(std::memory_order_relaxed)) {
        received_ = batch_.receive(descriptor, 0);
        if (received_ != 0) {
            serve();
        } else if (errno != EINTR) {
            std::this_thread::sleep_for(kErrorPause);
        }
    }
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
