// LoadSocket: one client's socket of a load run: sends batches, matches answers, counts losses.
#pragma once

#include "server/net/socket.h"
#include "tests/bench/latency_histogram.h"
#include "tests/bench/query_file.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <sys/socket.h>
#include <vector>

namespace fairlist::bench {

// Of all sockets of a run.
struct LoadCounts {
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    std::uint64_t lost = 0;  // no answer within the timeout
    std::uint64_t positive = 0;
    std::uint64_t records = 0;  // in the answer sections
    std::uint64_t negative = 0;
    std::uint64_t failed = 0;  // any other response code
    std::uint64_t bytes = 0;
    LatencyHistogram latency;
};

class LoadSocket {
  public:
    static constexpr std::size_t kBatchMax = 64;
    static constexpr std::size_t kOutstandingMax = 60'000;  // below what ids there are

    // Throws std::system_error.
    explicit LoadSocket(const sockaddr_in& server);

    // Sends up to `count` of the queries from `next` on, which moves; returns how many.
    std::size_t send(const QueryFile& queries, std::size_t& next, std::size_t count,
                     std::uint64_t now_ns, LoadCounts& counts);
    // Takes what has arrived, at most a batch; returns how many answers that were.
    std::size_t receive(LoadCounts& counts);
    // Gives up what was sent before.
    void expire(std::uint64_t sent_before_ns, LoadCounts& counts);

    [[nodiscard]] std::size_t outstanding() const noexcept { return outstanding_; }
    [[nodiscard]] int descriptor() const noexcept { return socket_.descriptor(); }

  private:
    static constexpr std::size_t kIds = 65'536;
    static constexpr std::size_t kAnswerBytesMax = 1500;

    void take(std::size_t slot, std::size_t size, std::uint64_t now_ns, LoadCounts& counts);

    net::Socket socket_;
    std::size_t outstanding_ = 0;
    std::uint64_t next_id_ = 0;           // ids are given in turn: the lower 16 bits of these
    std::uint64_t oldest_id_ = 0;         // none before is outstanding
    std::vector<std::uint64_t> sent_at_;  // by id; 0: not outstanding
    std::vector<std::array<std::uint8_t, kAnswerBytesMax>> answers_;
    std::array<std::array<std::uint8_t, 2>, kBatchMax> ids_{};
    std::array<std::array<iovec, 2>, kBatchMax> out_vectors_{};
    std::array<mmsghdr, kBatchMax> out_{};
    std::array<iovec, kBatchMax> in_vectors_{};
    std::array<mmsghdr, kBatchMax> in_{};
};

// Of the monotonic clock.
[[nodiscard]] std::uint64_t now_ns() noexcept;

}  // namespace fairlist::bench
