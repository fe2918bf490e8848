// Settings: what a reload may change under running workers.
#pragma once

#include "server/answer/zone_table.h"
#include "server/dns/cookie.h"
#include "server/dns/response_writer.h"
#include "server/net/rate_limit.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace fairlist::net {

struct TcpLimits {
    std::uint32_t connections = 1000;
    std::uint32_t connections_per_client = 50;
    std::uint32_t idle_timeout_ms = 10000;
    std::uint32_t io_timeout_ms = 2000;
    std::uint64_t total_timeout_ms = 3'600'000;
};

// Immutable once published.
struct Settings {
    std::shared_ptr<const answer::ZoneTable> zones;
    dns::CookieSigner cookies;
    std::vector<std::uint8_t> nsid;  // empty: not answered
    std::uint16_t udp_bytes_max = dns::kUdpBytesMaxDefault;
    RateLimits rate;  // of one worker
    TcpLimits tcp;
};

// The settings in force. Workers compare version() at every batch, which costs one load, and take
// the lock only when it has moved.
class SettingsBox {
  public:
    explicit SettingsBox(std::shared_ptr<const Settings> first);

    void publish(std::shared_ptr<const Settings> next);
    [[nodiscard]] std::shared_ptr<const Settings> get() const;
    // Moves after get() would give the new settings, never before.
    [[nodiscard]] std::uint64_t version() const noexcept {
        return version_.load(std::memory_order_acquire);
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Settings> settings_;  // guarded by mutex_
    std::atomic<std::uint64_t> version_{1};
};

}  // namespace fairlist::net
