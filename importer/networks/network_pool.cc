#include "importer/networks/network_pool.h"

#include "listing/base/check.h"

#include <algorithm>

namespace fairlist::importer {

std::uint32_t NetworkPool::place_of(const std::string& name) {
    const auto [found, is_new] =
        places_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) {
        FAIRLIST_CHECK(names_.size() + name.size() <= UINT32_MAX);
        names_ += name;
    }
    return found->second;
}

std::uint32_t NetworkPool::add(const Network& network) {
    FAIRLIST_CHECK(network.name.size() <= kNetworkNameBytesMax && rows_.size() < UINT32_MAX - 1);
    FAIRLIST_CHECK(network.country.empty() || network.country.size() == 2);
    Row row;
    row.asn = network.asn;
    row.name = place_of(network.name);
    row.name_bytes = static_cast<std::uint8_t>(network.name.size());
    std::ranges::copy(network.country, row.country.begin());
    rows_.push_back(row);
    return static_cast<std::uint32_t>(rows_.size());
}

void NetworkPool::finish() {
    places_ = decltype(places_)();  // "= {}" would keep its memory
    rows_.shrink_to_fit();
    names_.shrink_to_fit();
}

Network NetworkPool::get(std::uint32_t number) const {
    FAIRLIST_CHECK(number >= 1 && number <= rows_.size());
    const Row& row = rows_[number - 1];
    Network network;
    network.asn = row.asn;
    network.name = names_.substr(row.name, row.name_bytes);
    if (row.country[0] != '\0') {
        network.country.assign(row.country.begin(), row.country.end());
    }
    return network;
}

std::size_t NetworkPool::memory_bytes() const noexcept {
    return rows_.capacity() * sizeof(Row) + names_.capacity();
}

}  // namespace fairlist::importer
