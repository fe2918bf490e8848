#include "server/net/xdp/xdp_server.h"

#include "server/net/xdp/frame_writer.h"

#include <algorithm>
#include <pthread.h>
#include <span>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>
#include <utility>

namespace fairlist::net::xdp {

namespace {

// IEEE 802.3, without the check sequence that the hardware adds. Not every driver pads by itself.
constexpr std::size_t kFrameBytesMin = 60;
// More frames than these have no room in a socket's rings.
constexpr unsigned kDrainBatchesMax = 64;

// The lines of a query are in the cache of the processor that received it: one that is waited for
// costs as much as a look-up.
void prefetch(std::span<const std::uint8_t> frame) noexcept {
    constexpr std::size_t kLineBytes = 64;
    constexpr std::size_t kLines = 2;
    for (std::size_t line = 0; line < kLines; ++line) {
        __builtin_prefetch(frame.data() + line * kLineBytes);
    }
}

std::uint64_t random_state() noexcept {
    std::uint64_t state = 0;
    // Fails before the kernel's pool is ready only; then the sequence begins where it always does.
    static_cast<void>(getrandom(&state, sizeof(state), GRND_NONBLOCK));
    return state;
}

}  // namespace

XdpServer::XdpServer(PacketSocket& socket, std::size_t mtu, std::string name,
                     MessageHandler& handler, Counters& counters)
    : socket_(socket),
      packet_bytes_max_(std::min(mtu, kFrameSpace - kEthernetBytes)),
      name_(std::move(name)),
      handler_(handler),
      counters_(counters),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      identification_state_(random_state()) {}

XdpServer::~XdpServer() {
    request_stop();
    join();
}

void XdpServer::start() {
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), name_.c_str());
}

void XdpServer::request_stop() noexcept {
    stopping_.store(true, std::memory_order_relaxed);
    const std::uint64_t one = 1;
    static_cast<void>(!write(wake_.descriptor(), &one, sizeof(one)));
}

void XdpServer::join() noexcept {
    if (thread_.joinable()) {
        thread_.join();
    }
}

void XdpServer::run() noexcept {
    while (!stopping_.load(std::memory_order_relaxed)) {
        if (const std::size_t count = socket_.receive(); count != 0) {
            serve(count);
        } else {
            socket_.wait(wake_.descriptor());
        }
    }
    for (unsigned round = 0; round < kDrainBatchesMax; ++round) {
        const std::size_t count = socket_.receive();
        if (count == 0) {
            break;
        }
        serve(count);
    }
}

void XdpServer::serve(std::size_t count) noexcept {
    handler_.begin_batch(current_moment());
    read_batch(count);
    handler_.expect(std::span(messages_).first(query_count_));
    for (const QueryFrame& query : std::span(queries_).first(query_count_)) {
        answer_query(query);
    }
    handler_.end_batch();
    counters_.xdp_frames.add(count);
    socket_.finish_batch();
}

void XdpServer::read_batch(std::size_t count) noexcept {
    query_count_ = 0;
    prefetch(socket_.frame(0));
    for (std::size_t index = 0; index < count; ++index) {
        if (index + 1 < count) {
            prefetch(socket_.frame(index + 1));
        }
        QueryFrame& query = queries_[query_count_];
        query = {};
        if (read_frame(socket_.frame(index), query) == FrameFault::None) {
            messages_[query_count_++] = query.message;
        } else {
            counters_.queries.add();
            counters_.dropped.add();
        }
    }
}

void XdpServer::answer_query(const QueryFrame& query) noexcept {
    const std::span<std::uint8_t> space = socket_.reply_space();
    if (space.empty()) {
        counters_.queries.add();
        counters_.send_errors.add();
        return;
    }
    const std::size_t headers = header_bytes(query.is_v4);
    const std::size_t message_max = packet_bytes_max_ + kEthernetBytes - headers;
    const answer::Client client{.address = query.client, .over_tcp = false};
    const std::size_t size =
        handler_.answer(query.message, client, space.subspan(headers, message_max));
    if (size != 0) {
        send_reply(query, size, space);
    }
}

void XdpServer::send_reply(const QueryFrame& query, std::size_t message_bytes,
                           std::span<std::uint8_t> space) noexcept {
    const std::size_t size = header_bytes(query.is_v4) + message_bytes;
    write_headers(query, next_identification(), space.first(size));
    if (size < kFrameBytesMin) {
        std::ranges::fill(space.subspan(size, kFrameBytesMin - size), std::uint8_t{0});
    }
    socket_.add_reply(std::max(size, kFrameBytesMin));
}

// A linear congruential generator with Knuth's MMIX constants: the high bits repeat late, which is
// all that RFC 6864 section 4.3 asks for.
std::uint16_t XdpServer::next_identification() noexcept {
    identification_state_ = identification_state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint16_t>(identification_state_ >> 48U);
}

}  // namespace fairlist::net::xdp
