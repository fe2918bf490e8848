// NetworkPool: the networks of a table, each by its number, with every name once.
#pragma once

#include "importer/networks/network.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace fairlist::importer {

class NetworkPool {
  public:
    // Gives it the next number, from 1: 0 is "none". Limit: 2^32 - 2 networks, 4 GiB of names.
    std::uint32_t add(const Network& network);

    // Ends the adding and frees what served it alone.
    void finish();

    // Requires: `number` came from add().
    [[nodiscard]] Network get(std::uint32_t number) const;

    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] std::size_t memory_bytes() const noexcept;

  private:
    struct Row {
        std::uint32_t asn = 0;
        std::uint32_t name = 0;         // where it begins in names_
        std::uint8_t name_bytes = 0;    // kNetworkNameBytesMax fits
        std::array<char, 2> country{};  // zeros: not told
    };
    static_assert(kNetworkNameBytesMax <= UINT8_MAX);

    std::uint32_t place_of(const std::string& name);

    std::vector<Row> rows_;
    std::string names_;
    std::unordered_map<std::string, std::uint32_t> places_;  // of names, until finish()
};

}  // namespace fairlist::importer
