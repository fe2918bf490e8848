// ClientLimits: how many connections and requests one client may have.
#pragma once

#include "listing/model/address.h"
#include "server/http/http_settings.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>

namespace fairlist::http {

// A token bucket and a count of connections a client. Clients are IPv4 addresses, and IPv6 /56: the
// owner of one has 2^72 addresses (RFC 6177). When more clients come than kClientsMax, the one that
// was quiet for longest is forgotten, and starts anew; one with a connection never is.
//
// Thread: one owns it. Time is monotonic milliseconds.
class ClientLimits {
  public:
    ClientLimits(std::uint32_t connections_max, const RequestRate& rate)
        : connections_max_(connections_max), rate_(rate) {}

    // False: the client has as many as it may.
    [[nodiscard]] bool open(const Address& client, std::uint64_t now_ms);
    // Requires: an open() that said true, and no close() for it yet.
    void close(const Address& client, std::uint64_t now_ms);

    // Counts one request. 0: it may be served; else the seconds after which one will be.
    [[nodiscard]] std::uint32_t charge(const Address& client, std::uint64_t now_ms);

    [[nodiscard]] std::size_t clients() const noexcept { return by_age_.size(); }

    static constexpr std::size_t kClientsMax = 8192;

  private:
    struct Client {
        Address network;
        std::uint32_t connections = 0;
        std::uint64_t credit = 0;  // thousandths of a request
        std::uint64_t seen_ms = 0;
    };
    using Clients = std::list<Client>;

    [[nodiscard]] std::uint64_t full_credit() const noexcept { return rate_.burst * 1000ULL; }
    [[nodiscard]] Client& touch(const Address& client, std::uint64_t now_ms);
    void refill(Client& client, std::uint64_t now_ms) const noexcept;
    void make_room();

    std::uint32_t connections_max_;
    RequestRate rate_;
    Clients by_age_;  // quiet for longest first
    std::map<Address, Clients::iterator> by_network_;
};

// The network that a client is counted under.
[[nodiscard]] Address client_network(const Address& client) noexcept;

}  // namespace fairlist::http
