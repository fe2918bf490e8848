#include "tests/bench/query_maker.h"

#include "tests/bench/text_file.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace fairlist::bench {

namespace {

constexpr std::size_t kV4 = 0;
constexpr std::size_t kV6 = 1;
constexpr std::size_t kNames = 2;
// Fewer of them ask than of IPv4 addresses.
constexpr std::array<std::size_t, 3> kPoolDivisors = {1, 10, 4};
constexpr std::size_t kPoolMin = 16;
// Of the files of one kind.
constexpr std::size_t kKindQueries = 200'000;
constexpr std::uint8_t kWideLengthMax = 20;
constexpr std::size_t kTriesMax = 10'000;

std::string v4_name(std::uint32_t address) {
    return fmt::format(FMT_COMPILE("{}.{}.{}.{}.{}"), address & 255U, address >> 8U & 255U,
                       address >> 16U & 255U, address >> 24U, kAddressZone);
}

std::string v6_name(std::uint64_t high, std::uint64_t low) {
    const std::string digits = fmt::format(FMT_COMPILE("{:016x}{:016x}"), high, low);
    std::string name;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        name += *digit;
        name += '.';
    }
    return name.append(kAddressZone);
}

std::uint32_t unicast(Random& random) {
    constexpr std::uint32_t kFirst = 1U << 24U;
    constexpr std::uint32_t kEnd = 224U << 24U;
    return kFirst + static_cast<std::uint32_t>(random.below(kEnd - kFirst));
}

}  // namespace

QueryMaker::QueryMaker(const ListingData& data, const QueryMix& mix, std::uint64_t seed)
    : data_(data), mix_(mix), random_(seed) {
    merge_v4();
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        const std::size_t size = std::max(kPoolMin, mix_.senders / 2 / kPoolDivisors[kind]);
        for (const bool listed : {false, true}) {
            auto& pool = pools_[kind][listed ? 1 : 0];
            auto& draw = draws_[kind][listed ? 1 : 0];
            for (std::size_t rank = 1; rank <= size; ++rank) {
                pool.push_back(any(kind, listed));
                draw.add(std::pow(static_cast<double>(rank), -mix_.zipf));
            }
        }
    }
}

void QueryMaker::merge_v4() {
    for (const std::uint32_t address : data_.singles) {
        covered_.emplace_back(address, address);
    }
    for (const V4Range& range : data_.ranges) {
        covered_.emplace_back(range.base, range.last());
    }
    std::ranges::sort(covered_);
    std::size_t end = 0;
    for (const auto& part : covered_) {
        if (end != 0 && part.first <= covered_[end - 1].second) {
            covered_[end - 1].second = std::max(covered_[end - 1].second, part.second);
        } else {
            covered_[end++] = part;
        }
    }
    covered_.resize(end);
}

bool QueryMaker::is_listed(std::uint32_t address) const {
    const auto after = std::ranges::upper_bound(covered_, address, {},
                                                &std::pair<std::uint32_t, std::uint32_t>::first);
    return after != covered_.begin() && std::prev(after)->second >= address;
}

std::string QueryMaker::any_v4(bool listed) {
    const std::size_t singles = data_.singles.size();
    const std::size_t number = random_.below(singles + data_.ranges.size());
    if (listed && number < singles) {
        return v4_name(data_.singles[number]);
    }
    if (listed) {
        const V4Range& range = data_.ranges[number - singles];
        return v4_name(range.base | (random_.bits32(32) & (UINT32_MAX >> range.length)));
    }
    // A third of those that are not listed are neighbours of listed ones.
    for (std::size_t tries = 0; tries < kTriesMax; ++tries) {
        const std::uint32_t address =
            random_.chance(1. / 3) ? (random_.pick(data_.singles) & ~255U) | random_.bits32(8)
                                   : unicast(random_);
        if (!is_listed(address)) {
            return v4_name(address);
        }
    }
    throw std::runtime_error("no unlisted IPv4 address found");
}

std::string QueryMaker::any_v6(bool listed) {
    const V6Network& network = random_.pick(data_.networks);
    if (listed) {
        const std::uint64_t inside = network.length == 64 ? 0 : random_.bits(16);
        return v6_name(network.base | inside, random_.bits(64));
    }
    // A neighbour in the same /32.
    for (std::size_t tries = 0; tries < kTriesMax; ++tries) {
        const std::uint64_t high = (network.base & ~UINT64_C(0xFFFFFFFF)) | random_.bits(32);
        if (!std::ranges::binary_search(data_.networks, V6Network{high, 64}) &&
            !std::ranges::binary_search(data_.networks, V6Network{high & ~0xFFFFULL, 48})) {
            return v6_name(high, random_.bits(64));
        }
    }
    throw std::runtime_error("no unlisted IPv6 address found");
}

std::string QueryMaker::any_name(bool listed) {
    if (!listed) {
        return fmt::format("clean-{}.example.{}", random_.bits(24), kNameZone);
    }
    const std::string& name = random_.pick(data_.names);
    if (!name.starts_with('.')) {
        return fmt::format("{}.{}", name, kNameZone);
    }
    return random_.chance(.6) ? fmt::format("www{}{}.{}", random_.bits(4), name, kNameZone)
                              : fmt::format("{}.{}", name.substr(1), kNameZone);
}

std::string QueryMaker::any(std::size_t kind, bool listed) {
    return kind == kV4 ? any_v4(listed) : kind == kV6 ? any_v6(listed) : any_name(listed);
}

void QueryMaker::write_pools(const std::filesystem::path& file, bool v4_only) {
    TextFile out(file);
    for (std::size_t number = 0; number < mix_.count; ++number) {
        const double draw = random_.unit();
        const std::size_t kind = v4_only || draw >= mix_.v6 + mix_.names ? kV4
                                 : draw < mix_.v6                        ? kV6
                                                                         : kNames;
        const std::size_t listed = random_.chance(mix_.hits) ? 1 : 0;
        out.add(FMT_COMPILE("{} {}\n"), pools_[kind][listed][draws_[kind][listed].draw(random_)],
                random_.chance(mix_.txt) ? "TXT" : "A");
    }
    out.flush();
}

void QueryMaker::write_drawn(const std::filesystem::path& file,
                             const std::vector<std::string>& names) {
    TextFile out(file);
    for (const std::string& name : names) {
        out.add(FMT_COMPILE("{} A\n"), name);
    }
    out.flush();
}

void QueryMaker::write(const std::filesystem::path& folder) {
    write_pools(folder / "mixed", false);
    write_pools(folder / "zipf", true);
    std::vector<V4Range> wide;
    std::ranges::copy_if(data_.ranges, std::back_inserter(wide),
                         [](const V4Range& range) { return range.length <= kWideLengthMax; });
    std::vector<std::string> random, dense, inside_wide, six, names;
    for (std::size_t number = 0; number < kKindQueries; ++number) {
        random.push_back(v4_name(unicast(random_)));
        dense.push_back(v4_name((random_.pick(data_.singles) & ~255U) | random_.bits32(8)));
        const V4Range& range = wide.empty() ? random_.pick(data_.ranges) : random_.pick(wide);
        inside_wide.push_back(
            v4_name(range.base | (random_.bits32(32) & (UINT32_MAX >> range.length))));
        six.push_back(any_v6(number % 2 == 0));
        names.push_back(any_name(number % 2 == 0));
    }
    write_drawn(folder / "random", random);
    write_drawn(folder / "dense", dense);
    write_drawn(folder / "wide", inside_wide);
    write_drawn(folder / "six", six);
    write_drawn(folder / "names", names);
}

}  // namespace fairlist::bench
