#include "server/net/xdp/packet_socket.h"

#include "server/net/socket.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <expected>
#include <poll.h>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace fairlist::net::xdp {

namespace {

// One call of sendto() sends at least this many frames in copy mode, unless the queue is full.
constexpr std::uint32_t kFramesASend = 32;
// Of the driver, before the worker sleeps; see Documentation/networking/af_xdp.rst in the kernel.
constexpr unsigned kBusyPolls = 64;
constexpr int kBusyPollMicroseconds = 20;
constexpr int kBusyPollFrames = 64;
// Nothing that was missed, such as frames to send that found no memory, waits for longer.
constexpr int kWaitMs = 1000;
// Since Linux 6.17; Debian's headers are older.
constexpr int kOptionSendBudget = 9;

// The memory of a socket is locked, and counts against the limit unless CAP_IPC_LOCK is held.
void raise_locked_memory_limit() noexcept {
    rlimit limit{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0 || getrlimit(RLIMIT_MEMLOCK, &limit) != 0) {
        return;
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_MEMLOCK, &limit);
}

std::unexpected<Error> failed(const Interface& interface, std::uint32_t queue, int error) {
    const std::string where = fmt::format("queue {} of interface \"{}\": ", queue, interface.name);
    switch (error) {
        case EPERM:
        case EACCES:
            return fail(Errc::Refused, where + "an AF_XDP socket needs CAP_NET_RAW");
        case EBUSY:
            return fail(Errc::Conflict, where + "another program has an AF_XDP socket there");
        case EAFNOSUPPORT:
            return fail(Errc::Io, where +
                                      "no AF_XDP in this kernel, or forbidden: it needs "
                                      "CONFIG_XDP_SOCKETS, and a service needs "
                                      "RestrictAddressFamilies=AF_XDP");
        default:
            return fail(Errc::Io, where + "no AF_XDP socket: " + system_message(error));
    }
}

bool set_option(int descriptor, int level, int name, int value) noexcept {
    return setsockopt(descriptor, level, name, &value, sizeof(value)) == 0;
}

}  // namespace

Result<std::unique_ptr<PacketSocket>> PacketSocket::open(const Interface& interface,
                                                         std::uint32_t queue,
                                                         const SocketOptions& options) {
    std::unique_ptr<PacketSocket> socket(new PacketSocket);
    if (Result<void> opened = socket->open_memory(interface); !opened) {
        return std::unexpected(opened.error());
    }
    if (Result<void> opened = socket->open_socket(interface, queue, options); !opened) {
        return std::unexpected(opened.error());
    }
    socket->offer_frames();
    return socket;
}

PacketSocket::~PacketSocket() {
    xsk_socket__delete(socket_);
    if (umem_ != nullptr) {
        xsk_umem__delete(umem_);
    }
    if (memory_ != nullptr) {
        munmap(memory_, kFrames * kFrameSpace);
    }
}

Result<void> PacketSocket::open_memory(const Interface& interface) {
    void* memory = mmap(nullptr, kFrames * kFrameSpace, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return fail(Errc::Io, "no memory for packets: " + system_message(errno));
    }
    memory_ = static_cast<std::uint8_t*>(memory);
    madvise(memory, kFrames * kFrameSpace, MADV_HUGEPAGE);
    raise_locked_memory_limit();
    const xsk_umem_config config{.fill_size = kRing,
                                 .comp_size = kRing,
                                 .frame_size = kFrameSpace,
                                 .frame_headroom = 0,
                                 .flags = 0};
    const int error =
        xsk_umem__create(&umem_, memory, kFrames * kFrameSpace, &fill_, &sent_, &config);
    if (error == -ENOBUFS) {
        return fail(Errc::Refused,
                    fmt::format("{} MiB of packet memory a queue are more than this process may "
                                "lock: LimitMEMLOCK=infinity, or CAP_IPC_LOCK",
                                kFrames * kFrameSpace >> 20U));
    }
    if (error != 0) {
        return failed(interface, 0, -error);
    }
    for (std::uint64_t index = 0; index < kFrames; ++index) {
        free_[free_count_++] = index * kFrameSpace;
    }
    return {};
}

Result<void> PacketSocket::open_socket(const Interface& interface, std::uint32_t queue,
                                       const SocketOptions& options) {
    xsk_socket_config config{};
    config.rx_size = kRing;
    config.tx_size = kRing;
    // The program is ours, and held by a link: libxdp's own would take every frame of the queue.
    config.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD;
    config.bind_flags = XDP_USE_NEED_WAKEUP;
    if (options.generic || !options.zero_copy) {
        config.bind_flags |= XDP_COPY;
    }
    const int error = xsk_socket__create(&socket_, interface.name.c_str(), queue, umem_, &received_,
                                         &to_send_, &config);
    if (error != 0) {
        socket_ = nullptr;
        return failed(interface, queue, -error);
    }
    // Half the system calls for a full batch; kernels without it do as they did.
    set_option(descriptor(), SOL_XDP, kOptionSendBudget, kFrameBatchMax);
    return options.busy_poll ? prefer_busy_poll() : Result<void>{};
}

Result<void> PacketSocket::prefer_busy_poll() {
    busy_poll_ = set_option(descriptor(), SOL_SOCKET, SO_PREFER_BUSY_POLL, 1) &&
                 set_option(descriptor(), SOL_SOCKET, SO_BUSY_POLL, kBusyPollMicroseconds) &&
                 set_option(descriptor(), SOL_SOCKET, SO_BUSY_POLL_BUDGET, kBusyPollFrames);
    if (!busy_poll_) {
        return fail(Errc::Io, "busy polling: " + system_message(errno) +
                                  ": it needs Linux 5.11 and CAP_NET_ADMIN");
    }
    return {};
}

std::size_t PacketSocket::receive() noexcept {
    take_back_sent();
    offer_frames();
    batch_ = xsk_ring_cons__peek(&received_, kFrameBatchMax, &batch_start_);
    offered_ -= batch_;
    return batch_;
}

std::span<const std::uint8_t> PacketSocket::frame(std::size_t index) const noexcept {
    const xdp_desc* descriptor =
        xsk_ring_cons__rx_desc(&received_, batch_start_ + static_cast<std::uint32_t>(index));
    return {memory_ + descriptor->addr, descriptor->len};
}

std::span<std::uint8_t> PacketSocket::reply_space() noexcept {
    if (free_count_ == 0 || xsk_prod_nb_free(&to_send_, 1) == 0) {
        return {};
    }
    return {memory_ + free_[free_count_ - 1], kFrameSpace};
}

void PacketSocket::add_reply(std::size_t size) noexcept {
    std::uint32_t index = 0;
    xsk_ring_prod__reserve(&to_send_, 1, &index);  // reply_space() has seen that there is room
    xdp_desc* descriptor = xsk_ring_prod__tx_desc(&to_send_, index);
    descriptor->addr = free_[--free_count_];
    descriptor->len = static_cast<std::uint32_t>(size);
    descriptor->options = 0;
    ++replies_;
}

void PacketSocket::finish_batch() noexcept {
    for (std::uint32_t index = 0; index < batch_; ++index) {
        const xdp_desc* descriptor = xsk_ring_cons__rx_desc(&received_, batch_start_ + index);
        // The kernel's own headroom lies between the frame's begin and the packet's.
        free_[free_count_++] = descriptor->addr & ~std::uint64_t{kFrameSpace - 1};
    }
    xsk_ring_cons__release(&received_, batch_);
    batch_ = 0;
    if (replies_ != 0) {
        xsk_ring_prod__submit(&to_send_, replies_);
        replies_ = 0;
        wake_sender();
    }
}

// In copy mode this is the sending itself, some frames a call; EAGAIN says that there are more.
void PacketSocket::wake_sender() noexcept {
    if (xsk_ring_prod__needs_wakeup(&to_send_) == 0) {
        return;
    }
    for (std::uint32_t calls = 0; calls <= kRing / kFramesASend; ++calls) {
        if (sendto(descriptor(), nullptr, 0, MSG_DONTWAIT, nullptr, 0) >= 0 || errno != EAGAIN) {
            return;
        }
    }
}

void PacketSocket::take_back_sent() noexcept {
    std::uint32_t start = 0;
    const std::uint32_t count = xsk_ring_cons__peek(&sent_, kRing, &start);
    for (std::uint32_t index = 0; index < count; ++index) {
        free_[free_count_++] = *xsk_ring_cons__comp_addr(&sent_, start + index);
    }
    if (count != 0) {
        xsk_ring_cons__release(&sent_, count);
    }
}

// No more than a ring full at a time, so that the other half of the frames is there for answers.
void PacketSocket::offer_frames() noexcept {
    const std::uint32_t count = std::min(kRing - offered_, free_count_);
    std::uint32_t start = 0;
    if (count < kFrameBatchMax || xsk_ring_prod__reserve(&fill_, count, &start) != count) {
        return;
    }
    for (std::uint32_t index = 0; index < count; ++index) {
        *xsk_ring_prod__fill_addr(&fill_, start + index) = free_[--free_count_];
    }
    xsk_ring_prod__submit(&fill_, count);
    offered_ += count;
    if (xsk_ring_prod__needs_wakeup(&fill_) != 0) {
        recvfrom(descriptor(), nullptr, 0, MSG_DONTWAIT, nullptr, nullptr);
    }
}

// Whether there is something to receive afterwards.
bool PacketSocket::poll_driver() noexcept {
    recvfrom(descriptor(), nullptr, 0, MSG_DONTWAIT, nullptr, nullptr);
    return xsk_cons_nb_avail(&received_, 1) != 0;
}

void PacketSocket::wait(int wake) noexcept {
    for (unsigned polls = 0; busy_poll_ && polls < kBusyPolls; ++polls) {
        if (poll_driver()) {
            return;
        }
    }
    std::array<pollfd, 2> both = {{{.fd = descriptor(), .events = POLLIN, .revents = 0},
                                   {.fd = wake, .events = POLLIN, .revents = 0}}};
    poll(both.data(), both.size(), kWaitMs);
}

int PacketSocket::descriptor() const noexcept {
    return xsk_socket__fd(socket_);
}

bool PacketSocket::is_zero_copy() const noexcept {
    xdp_options options{};
    socklen_t size = sizeof(options);
    return getsockopt(descriptor(), SOL_XDP, XDP_OPTIONS, &options, &size) == 0 &&
           (options.flags & XDP_OPTIONS_ZEROCOPY) != 0;
}

std::uint64_t PacketSocket::lost() const noexcept {
    xdp_statistics statistics{};
    socklen_t size = sizeof(statistics);
    if (getsockopt(descriptor(), SOL_XDP, XDP_STATISTICS, &statistics, &size) != 0) {
        return 0;
    }
    return statistics.rx_dropped + statistics.rx_ring_full;
}

}  // namespace fairlist::net::xdp
