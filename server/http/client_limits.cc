#include "server/http/client_limits.h"

#include "listing/base/check.h"

#include <algorithm>

namespace fairlist::http {

Address client_network(const Address& client) noexcept {
    constexpr std::uint64_t kFirst56 = ~std::uint64_t{0xFF};
    return client.is_v4() ? client : Address{.high = client.high & kFirst56, .low = 0};
}

bool ClientLimits::open(const Address& client, std::uint64_t now_ms) {
    Client& known = touch(client, now_ms);
    if (known.connections >= connections_max_) {
        return false;
    }
    ++known.connections;
    return true;
}

void ClientLimits::close(const Address& client, std::uint64_t now_ms) {
    Client& known = touch(client, now_ms);
    FAIRLIST_CHECK(known.connections > 0);
    --known.connections;
}

std::uint32_t ClientLimits::charge(const Address& client, std::uint64_t now_ms) {
    if (rate_.per_second == 0) {
        return 0;
    }
    constexpr std::uint64_t kRequest = 1000;
    Client& known = touch(client, now_ms);
    if (known.credit >= kRequest) {
        known.credit -= kRequest;
        return 0;
    }
    // In a millisecond as many thousandths come as requests in a second.
    const std::uint64_t a_second = kRequest * rate_.per_second;
    return static_cast<std::uint32_t>((kRequest - known.credit + a_second - 1) / a_second);
}

void ClientLimits::refill(Client& client, std::uint64_t now_ms) const noexcept {
    // So many milliseconds fill any bucket; more would overflow the product.
    constexpr std::uint64_t kLongMs = std::uint64_t{1} << 31U;
    const std::uint64_t passed =
        now_ms > client.seen_ms ? std::min(now_ms - client.seen_ms, kLongMs) : 0;
    client.credit = std::min(client.credit + (passed * rate_.per_second), full_credit());
    client.seen_ms = std::max(client.seen_ms, now_ms);
}

ClientLimits::Client& ClientLimits::touch(const Address& client, std::uint64_t now_ms) {
    const Address network = client_network(client);
    const auto known = by_network_.find(network);
    if (known != by_network_.end()) {
        by_age_.splice(by_age_.end(), by_age_, known->second);
        refill(*known->second, now_ms);
        return *known->second;
    }
    make_room();
    by_age_.push_back(
        {.network = network, .connections = 0, .credit = full_credit(), .seen_ms = now_ms});
    by_network_.emplace(network, std::prev(by_age_.end()));
    return by_age_.back();
}

void ClientLimits::make_room() {
    if (by_age_.size() < kClientsMax) {
        return;
    }
    const auto oldest = std::ranges::find(by_age_, 0U, &Client::connections);
    if (oldest != by_age_.end()) {  // else all are connected, and the server's own limit counts
        by_network_.erase(oldest->network);
        by_age_.erase(oldest);
    }
}

}  // namespace fairlist::http
