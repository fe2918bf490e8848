// HttpCounters: what the server has done since its start.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace fairlist::http {

enum class HttpCount : std::uint8_t {
    Opened,        // connections served
    Open,          // of them now
    Refused,       // connections over a limit
    AcceptErrors,  // mostly: no descriptor was left
    TlsFailures,   // handshakes
    Requests,      // with a whole header, or refused for it
    Answered2xx,   // 204 among them
    Answered4xx,
    Answered5xx,
    BadRequests,      // of the 4xx and 5xx: refused by the reader, before any route
    RateLimited,      // of the 4xx
    Busy,             // of the 5xx: no worker or no memory was left
    HandlerFailures,  // of the 5xx: a handler has thrown
    Late,             // head or body did not come in time
};

inline constexpr std::size_t kHttpCounts = static_cast<std::size_t>(HttpCount::Late) + 1;

// Thread: any.
class HttpCounters {
  public:
    void add(HttpCount count) noexcept { at(count).fetch_add(1, std::memory_order_relaxed); }
    void subtract(HttpCount count) noexcept { at(count).fetch_sub(1, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value(HttpCount count) const noexcept {
        return values_[static_cast<std::size_t>(count)].load(std::memory_order_relaxed);
    }

  private:
    [[nodiscard]] std::atomic<std::uint64_t>& at(HttpCount count) noexcept {
        return values_[static_cast<std::size_t>(count)];
    }

    std::array<std::atomic<std::uint64_t>, kHttpCounts> values_{};
};

// "http_requests=12 http_2xx=11 ..." on one line: what is zero is left out, except requests.
[[nodiscard]] std::string to_string(const HttpCounters& counters);

}  // namespace fairlist::http
