// UdpBatch: the fixed buffers of a worker that receives and answers up to 64 datagrams by one
// system call each way.
#pragma once

#include "server/net/endpoint.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <span>
#include <sys/socket.h>
#include <sys/uio.h>

namespace fairlist::net {

inline constexpr std::size_t kUdpBatchMax = 64;
// Longer datagrams are dropped: a query with a TSIG record and every option known is below 1 kB.
inline constexpr std::size_t kUdpQueryBytesMax = 4096;
inline constexpr std::size_t kUdpAnswerBytesMax = 4096;

// Thread: one worker owns it. All memory is taken when it is made.
class UdpBatch {
  public:
    UdpBatch();

    // Waits for a datagram unless `flags` has MSG_DONTWAIT, then takes what else is there. Returns
    // how many; 0: none, and errno says why.
    [[nodiscard]] std::size_t receive(int descriptor, int flags) noexcept;

    // Requires: index below the last receive(). Who has sent it; nobody when it cannot be answered:
    // sent from port 0, or longer than kUdpQueryBytesMax.
    [[nodiscard]] std::optional<Endpoint> sender(std::size_t index) const noexcept;
    [[nodiscard]] std::span<const std::uint8_t> query(std::size_t index) const noexcept;
    // All of them.
    [[nodiscard]] std::span<const std::span<const std::uint8_t>> queries() noexcept;
    [[nodiscard]] std::span<std::uint8_t> answer_space(std::size_t index) noexcept;

    // The first `size` bytes of answer_space(index) go back to the sender, from the address that
    // was asked.
    void add_answer(std::size_t index, std::size_t size) noexcept;

    // Sends the answers added since receive(). Returns how many the kernel would not take.
    [[nodiscard]] std::size_t send(int descriptor) noexcept;

  private:
    struct Slot {
        SocketAddress peer;
        alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> control;
        std::array<std::uint8_t, kUdpQueryBytesMax> query;
        std::array<std::uint8_t, kUdpAnswerBytesMax> answer;
    };

    void prepare(std::size_t index) noexcept;

    std::unique_ptr<std::array<Slot, kUdpBatchMax>> slots_;
    std::array<iovec, kUdpBatchMax> in_vectors_{};
    std::array<iovec, kUdpBatchMax> out_vectors_{};
    std::array<mmsghdr, kUdpBatchMax> in_{};
    std::array<mmsghdr, kUdpBatchMax> out_{};
    std::array<std::span<const std::uint8_t>, kUdpBatchMax> queries_{};
    std::size_t received_ = 0;
    std::size_t answers_ = 0;
};

}  // namespace fairlist::net
