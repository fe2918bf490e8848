// PacketSocket: an AF_XDP socket on one queue of an interface, with its rings and packet memory.
#pragma once

#include "listing/base/result.h"
#include "server/net/xdp/interface.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <xdp/xsk.h>

namespace fairlist::net::xdp {

// Two frames to a page, which every driver takes; 256 bytes of each are kept for the driver.
inline constexpr std::size_t kFrameSpace = 2048;
// What the XDP program takes: an MTU of 1500 and the Ethernet header. Longer queries pass.
inline constexpr std::size_t kFrameBytesMax = 1514;
inline constexpr std::size_t kFrameBatchMax = 64;

struct SocketOptions {
    bool generic = false;   // the program runs behind the driver
    bool zero_copy = true;  // when the driver can
    bool busy_poll = false;
};

// Thread: the worker's, once it runs; lost() any.
class PacketSocket {
  public:
    // Errors: Refused with the capability that is missing, Io with the kernel's reason.
    [[nodiscard]] static Result<std::unique_ptr<PacketSocket>> open(const Interface& interface,
                                                                    std::uint32_t queue,
                                                                    const SocketOptions& options);
    PacketSocket(const PacketSocket&) = delete;
    PacketSocket& operator=(const PacketSocket&) = delete;
    ~PacketSocket();

    // Takes what has come in, up to kFrameBatchMax frames. Returns how many; does not wait.
    [[nodiscard]] std::size_t receive() noexcept;
    // Requires: index below the last receive().
    [[nodiscard]] std::span<const std::uint8_t> frame(std::size_t index) const noexcept;
    // Where the next frame to send is written; the same until add_reply(). Empty when too many wait
    // to be sent.
    [[nodiscard]] std::span<std::uint8_t> reply_space() noexcept;
    // The first `size` bytes of reply_space() are a frame to send.
    void add_reply(std::size_t size) noexcept;
    // Gives back the frames of the last receive(), and sends those added since.
    void finish_batch() noexcept;
    // Until a frame has come in or `wake` is readable, and at most a second.
    void wait(int wake) noexcept;

    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] bool is_zero_copy() const noexcept;
    // Frames that were for the socket and found no room.
    [[nodiscard]] std::uint64_t lost() const noexcept;

  private:
    static constexpr std::uint32_t kRing = 2048;
    static constexpr std::uint32_t kFrames = 2 * kRing;

    PacketSocket() = default;

    [[nodiscard]] Result<void> open_memory(const Interface& interface);
    [[nodiscard]] Result<void> open_socket(const Interface& interface, std::uint32_t queue,
                                           const SocketOptions& options);
    [[nodiscard]] Result<void> prefer_busy_poll();
    void take_back_sent() noexcept;
    void offer_frames() noexcept;
    void wake_sender() noexcept;
    [[nodiscard]] bool poll_driver() noexcept;

    std::uint8_t* memory_ = nullptr;
    xsk_umem* umem_ = nullptr;
    xsk_socket* socket_ = nullptr;
    xsk_ring_prod fill_{};
    xsk_ring_cons sent_{};
    xsk_ring_cons received_{};
    xsk_ring_prod to_send_{};
    bool busy_poll_ = false;

    std::array<std::uint64_t, kFrames> free_{};  // addresses of frames that nobody has
    std::uint32_t free_count_ = 0;
    std::uint32_t offered_ = 0;  // with the kernel, to receive into
    std::uint32_t batch_ = 0;    // in hand, from batch_start_ in received_
    std::uint32_t batch_start_ = 0;
    std::uint32_t replies_ = 0;  // in this batch
};

}  // namespace fairlist::net::xdp
