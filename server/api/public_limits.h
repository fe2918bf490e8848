// PublicLimits: how often strangers may ask, by address and by network, reading and requesting
// apart.
#pragma once

#include "listing/model/address.h"
#include "server/api/api_route.h"
#include "server/http/client_limits.h"

#include <array>
#include <cstdint>
#include <mutex>

namespace fairlist::api {

// Of one address (IPv6: one /56) and of all of its network (IPv4 /24, IPv6 /48), so that a rented
// range is not so many times one address.
struct BucketRates {
    http::RequestRate address;
    http::RequestRate network;
    std::uint32_t slowdown = 1;  // the rates are per so many seconds
};

struct PublicRates {
    BucketRates lookup{{5, 50}, {20, 200}, 1};
    BucketRates request{{1, 10}, {5, 50}, 10};
};

// Thread: any. Time is monotonic milliseconds.
class PublicLimits {
  public:
    explicit PublicLimits(const PublicRates& rates = {});

    // 0: it may; else the seconds after which it may again.
    [[nodiscard]] std::uint32_t charge(Bucket bucket, const Address& client, std::uint64_t now_ms);

  private:
    struct Pair {
        explicit Pair(const BucketRates& rates)
            : address(0, rates.address), network(0, rates.network), slowdown(rates.slowdown) {}
        http::ClientLimits address;
        http::ClientLimits network;
        std::uint32_t slowdown;
    };

    std::mutex mutex_;
    std::array<Pair, 2> pairs_;  // guarded by mutex_
};

}  // namespace fairlist::api
