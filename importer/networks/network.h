// Network: whose an address is, and the tables that tell.
#pragma once

#include "listing/model/address.h"
#include "listing/model/prefix.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kNetworkNameBytesMax = 255;

struct Network {
    std::uint32_t asn = 0;
    std::string name;  // UTF-8 without control characters; at most kNetworkNameBytesMax; or empty
    std::string country;  // ISO 3166-1 alpha-2, in capitals; empty: not told

    friend bool operator==(const Network&, const Network&) = default;
};

// What a table tells never changes: a file that was replaced takes a new table.
//
// Thread: any number may ask.
class NetworkTable {
  public:
    virtual ~NetworkTable() = default;

    // Nothing: the address is in no network of the table, or not routed (AS 0, RFC 7607).
    [[nodiscard]] virtual std::optional<Network> find(const Address& address) const = 0;

    // The addresses of these networks, as the fewest prefixes of each piece of the table, in
    // address order: IPv4 first, then IPv6. A walk over the whole table.
    [[nodiscard]] virtual std::vector<Prefix> prefixes_of(
        std::span<const std::uint32_t> asns) const = 0;

    // One line for people: which data, and of when.
    [[nodiscard]] virtual std::string source() const = 0;

    // Whether another file has the name by now, or the file was written to. False while there is
    // none: then there is nothing to open instead.
    [[nodiscard]] virtual bool is_stale() const = 0;

    // Lines that were left out: "nets.tsv:12: ...".
    [[nodiscard]] virtual std::span<const std::string> faults() const { return {}; }
};

}  // namespace fairlist::importer
