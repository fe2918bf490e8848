#include "server/api/public_limits.h"

#include "listing/model/prefix.h"

#include <algorithm>

namespace fairlist::api {

namespace {

constexpr unsigned kNetworkV4 = Prefix::kV4Offset + 24;
constexpr unsigned kNetworkV6 = 48;

}  // namespace

PublicLimits::PublicLimits(const PublicRates& rates)
    : pairs_{Pair(rates.lookup), Pair(rates.request)} {}

std::uint32_t PublicLimits::charge(Bucket bucket, const Address& client, std::uint64_t now_ms) {
    if (bucket == Bucket::None) {
        return 0;
    }
    const std::lock_guard lock(mutex_);
    Pair& pair = pairs_[bucket == Bucket::Lookup ? 0 : 1];
    const std::uint64_t time = now_ms / pair.slowdown;
    const Address network = mask_to(client, client.is_v4() ? kNetworkV4 : kNetworkV6);
    // The network's bucket is not charged for what the address may not: one flooding address would
    // else take from its neighbours.
    std::uint32_t seconds = pair.address.charge(client, time);
    if (seconds == 0) {
        seconds = pair.network.charge(network, time);
    }
    return seconds * pair.slowdown;
}

}  // namespace fairlist::api
