// QueryMaker: what is asked of made-up listings.
#pragma once

#include "tests/bench/listing_data.h"
#include "tests/bench/random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::bench {

// The shares of a mixed query file.
struct QueryMix {
    std::size_t count = 1'000'000;
    double hits = .2;
    double txt = .1;
    double v6 = .05;
    double names = .11;             // the rest is IPv4
    std::size_t senders = 200'000;  // IPv4 addresses that ask, half of them listed
    double zipf = .9;               // how unequally often: the n-th as 1 / n^zipf
};

// Lifetime: `data` outlives it.
class QueryMaker {
  public:
    QueryMaker(const ListingData& data, const QueryMix& mix, std::uint64_t seed);

    // One file a kind in the folder, a line a query ("NAME A"): mixed, zipf (its IPv4 part), random
    // (any unicast address), dense (inside /24s with listed addresses), wide (inside ranges of /20
    // and wider), six and names (half of them listed).
    void write(const std::filesystem::path& folder);

  private:
    static constexpr std::size_t kKinds = 3;  // IPv4, IPv6, names

    [[nodiscard]] std::string any_v4(bool listed);
    [[nodiscard]] std::string any_v6(bool listed);
    [[nodiscard]] std::string any_name(bool listed);
    [[nodiscard]] std::string any(std::size_t kind, bool listed);
    [[nodiscard]] bool is_listed(std::uint32_t address) const;
    void merge_v4();
    void write_pools(const std::filesystem::path& file, bool v4_only);
    void write_drawn(const std::filesystem::path& file, const std::vector<std::string>& names);

    const ListingData& data_;
    QueryMix mix_;
    Random random_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> covered_;       // disjoint, sorted
    std::array<std::array<std::vector<std::string>, 2>, kKinds> pools_;  // by kind, by listed
    std::array<std::array<WeightedDraw, 2>, kKinds> draws_;
};

}  // namespace fairlist::bench
