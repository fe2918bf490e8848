#include "tests/bench/listing_data.h"

#include "listing/model/protected_space.h"
#include "tests/bench/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace fairlist::bench {

namespace {

struct LengthWeight {
    std::uint8_t length;
    double weight;
};

// Mostly /24, as in policy lists.
constexpr std::array kLengths = std::to_array<LengthWeight>({
    {31, 20}, {30, 30},  {29, 40},  {28, 30},  {27, 30},  {26, 30},   {25, 40},  {24, 420},
    {23, 80}, {22, 110}, {21, 50},  {20, 50},  {19, 30},  {18, 20},   {17, 8},   {16, 10},
    {15, 1},  {14, 0.6}, {13, 0.2}, {12, 0.1}, {11, .05}, {10, 0.03}, {9, 0.02}, {8, 0.01},
});
// More listings than this bring no more of the wide ones: address space is finite.
constexpr double kWideEntriesMax = 1e6;
constexpr std::uint8_t kWideLength = 21;

constexpr std::uint32_t kUnicastEnd = 224U << 24U;

bool is_listable(std::uint32_t base, unsigned length) {
    static const ProtectedSpace space({}, {});
    const Prefix prefix = Prefix::of(Address::from_v4(base), Prefix::kV4Offset + length);
    return base < kUnicastEnd && space.refusal(prefix).empty();
}

// /16s without special-purpose space, in random order.
std::vector<std::uint32_t> shuffled_sixteens(Random& random) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t number = 0; number < kUnicastEnd >> 16U; ++number) {
        if (is_listable(number << 16U, 16)) {
            found.push_back(number << 16U);
        }
    }
    for (std::size_t left = found.size(); left > 1; --left) {
        std::swap(found[left - 1], found[random.below(left)]);
    }
    return found;
}

// Draws until `count` different ones are there; each draw() appends at least one.
template <typename T, typename Draw>
std::vector<T> draw_distinct(std::size_t count, const Draw& draw) {
    std::vector<T> found;
    found.reserve(count + count / 4);
    while (found.size() < count) {
        const std::size_t wanted = count + (count - found.size()) / 4 + 16;
        while (found.size() < wanted) {
            draw(found);
        }
        std::ranges::sort(found);
        const auto twice = std::ranges::unique(found);
        found.erase(twice.begin(), twice.end());
    }
    return found;
}

// Drops at random what is too much, keeping the order.
template <typename T>
void thin_out(std::vector<T>& items, std::size_t count, Random& random) {
    std::size_t kept = 0;
    const std::size_t size = items.size();
    for (std::size_t index = 0; index < size; ++index) {
        if (random.below(size - index) < count - kept) {
            std::swap(items[kept++], items[index]);
        }
    }
    items.resize(count);
}

std::vector<std::uint32_t> make_singles(std::size_t count, const std::vector<std::uint32_t>& space,
                                        Random& random) {
    const std::size_t busy = std::clamp<std::size_t>(count / 300, 600, space.size());
    WeightedDraw crowd;
    for (std::size_t number = 0; number < busy; ++number) {
        crowd.add(std::min(60.0, random.pareto(1.1)));
    }
    auto singles = draw_distinct<std::uint32_t>(count, [&](std::vector<std::uint32_t>& found) {
        const std::uint32_t network = space[crowd.draw(random)] | random.bits32(8) << 8U;
        const auto hosts = static_cast<unsigned>(std::min(220.0, 1.6 * random.pareto(1.15)));
        for (unsigned host = 0; host < hosts; ++host) {
            found.push_back(network | random.bits32(8));
        }
    });
    thin_out(singles, count, random);
    return singles;
}

std::uint8_t draw_code(Random& random) {
    const double draw = random.unit();
    return draw < .55 ? 10 : draw < .85 ? 11 : draw < .93 ? kOwnTextCode : draw < .98 ? 3 : 9;
}

std::vector<V4Range> make_ranges(std::size_t count, const std::vector<std::uint32_t>& space,
                                 Random& random) {
    const double share = std::min(1.0, kWideEntriesMax / static_cast<double>(count));
    WeightedDraw lengths;
    for (const LengthWeight& row : kLengths) {
        lengths.add(row.weight * (row.length <= kWideLength ? share : 1));
    }
    const std::size_t used = std::clamp<std::size_t>(count / 12, 900, space.size());
    auto ranges = draw_distinct<V4Range>(count, [&](std::vector<V4Range>& found) {
        const std::uint8_t length = kLengths[lengths.draw(random)].length;
        const std::uint32_t address =
            length > 16 ? space[random.below(used)] | random.bits32(16) : random.bits32(32);
        const std::uint32_t base = address & ~(UINT32_MAX >> length);
        if (is_listable(base, length)) {
            found.push_back({base, length, 0});
        }
    });
    thin_out(ranges, count, random);
    for (V4Range& range : ranges) {
        range.code = draw_code(random);
    }
    return ranges;
}

// /48s in even and /64s in odd /32s, so that none covers another.
std::vector<V6Network> make_networks(std::size_t count, Random& random) {
    constexpr std::array<std::uint64_t, 5> kTops = {0x24000000, 0x26000000, 0x28000000, 0x2A000000,
                                                    0x2C000000};
    std::vector<std::uint64_t> sites;
    for (unsigned number = 0; number < 1200; ++number) {
        sites.push_back((kTops[random.below(kTops.size())] | random.bits(16) << 1U |
                         (number % 3 == 0 ? 0U : 1U))
                        << 32U);
    }
    auto networks = draw_distinct<V6Network>(count, [&](std::vector<V6Network>& found) {
        const std::uint64_t site = random.pick(sites);
        if ((site >> 32U & 1U) != 0) {
            found.push_back({site | random.bits(12) << 16U | random.bits(16), 64});
        } else if (random.chance(.5)) {
            found.push_back({site | random.bits(16) << 16U, 48});
        }
    });
    thin_out(networks, count, random);
    return networks;
}

std::vector<std::string> make_names(std::size_t count, Random& random) {
    static constexpr std::array<std::string_view, 28> kSyllables = {
        "ba", "co",  "da",  "fe",   "gi",   "ho",   "ja",   "ke", "lu", "mo",
        "na", "pe",  "qui", "ro",   "sa",   "te",   "ul",   "vi", "wo", "xa",
        "yo", "zen", "mar", "tech", "shop", "best", "cash", "win"};
    static constexpr std::array<std::string_view, 6> kParents = {
        ".example", ".test", ".com.example", ".info.example", ".top.test", ".net.test"};
    auto names = draw_distinct<std::string>(count, [&](std::vector<std::string>& found) {
        std::string name;
        for (std::size_t left = 2 + random.below(3); left != 0; --left) {
            name += kSyllables[random.below(kSyllables.size())];
        }
        if (random.chance(.8)) {
            name += std::to_string(random.bits(14));
        }
        name += kParents[random.below(kParents.size())];
        found.push_back(std::move(name));
    });
    thin_out(names, count, random);
    for (std::string& name : names) {
        if (random.chance(.3)) {
            name.insert(name.begin(), '.');
        }
    }
    return names;
}

}  // namespace

ListingData make_listings(std::size_t entries, std::uint64_t seed) {
    Random random(seed);
    const std::vector<std::uint32_t> space = shuffled_sixteens(random);
    const std::size_t twentieth = entries / 20;
    ListingData data;
    data.singles = make_singles(entries - 8 * twentieth, space, random);
    data.ranges = make_ranges(6 * twentieth, space, random);
    data.networks = make_networks(twentieth, random);
    data.names = make_names(twentieth, random);
    return data;
}

}  // namespace fairlist::bench
