// Counters: what one worker has done since the start.
#pragma once

#include "server/dns/query.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace fairlist::net {

// One number that one thread adds to and any thread reads.
class Counter {
  public:
    // Thread: the owner only. A plain add without the bus lock of fetch_add.
    void add(std::uint64_t amount = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

  private:
    std::atomic<std::uint64_t> value_{0};
};

inline constexpr std::size_t kRcodesCounted = 24;  // RFC 6895 section 2.3, up to BADCOOKIE

// Own cache lines, so that no worker slows another down by counting.
struct alignas(64) Counters {
    Counter queries;       // messages received, whatever they were
    Counter dropped;       // not answered: no query, an access rule, or rate_dropped
    Counter truncated;     // answered with TC, rate_slipped among them
    Counter rate_dropped;  // over the limit and not answered
    Counter rate_slipped;
    Counter send_errors;
    Counter xdp_frames;  // that came by AF_XDP
    std::array<Counter, kRcodesCounted> rcodes;
    Counter tcp_opened;
    Counter tcp_open;     // now
    Counter tcp_refused;  // over a cap
    Counter tcp_timed_out;
    Counter tcp_accept_errors;
    // When the batch in hand began, in monotonic milliseconds; 0: waiting for packets.
    Counter busy_since_ms;
};

// The sum over workers.
struct CounterTotals {
    std::uint64_t queries = 0;
    std::uint64_t dropped = 0;
    std::uint64_t truncated = 0;
    std::uint64_t rate_dropped = 0;
    std::uint64_t rate_slipped = 0;
    std::uint64_t send_errors = 0;
    std::uint64_t xdp_frames = 0;
    std::uint64_t xdp_lost = 0;  // frames for AF_XDP sockets without room: none of a worker's
    std::array<std::uint64_t, kRcodesCounted> rcodes{};
    std::uint64_t tcp_opened = 0;
    std::uint64_t tcp_open = 0;
    std::uint64_t tcp_refused = 0;
    std::uint64_t tcp_timed_out = 0;
    std::uint64_t tcp_accept_errors = 0;

    void add(const Counters& counters) noexcept;
};

// "queries=12 noerror=2 nxdomain=10 ..." on one line: what is zero is left out, except queries.
[[nodiscard]] std::string to_string(const CounterTotals& totals);

}  // namespace fairlist::net
