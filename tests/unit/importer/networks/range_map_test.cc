// The range map against a list that is searched from end to end, on seeded random ranges.
#include "importer/networks/range_map.h"

#include "listing/model/address.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

// The places of the twin: small numbers, laid into the space of the keys by key_of().
struct TwinRange {
    std::uint32_t first;
    std::uint32_t last;
    std::uint32_t value;
};

std::uint32_t twin_find(const std::vector<TwinRange>& ranges, std::uint32_t place) {
    const TwinRange* best = nullptr;
    for (const TwinRange& range : ranges) {
        if (place < range.first || place > range.last) {
            continue;
        }
        const auto width = [](const TwinRange& r) {
            return r.last - r.first;
        };
        const bool is_better = best == nullptr || width(range) < width(*best) ||
                               (width(range) == width(*best) && range.first >= best->first);
        best = is_better ? &range : best;
    }
    return best == nullptr ? 0 : best->value;
}

constexpr std::uint32_t kPlaces = 200;

struct TwinCase {
    std::string name;
    unsigned seed;
    std::uint32_t ranges_max;
    std::uint32_t width_max;
    bool is_sorted;
};

std::vector<TwinRange> random_ranges(std::mt19937& random, const TwinCase& c) {
    std::vector<TwinRange> ranges(random() % (c.ranges_max + 1));
    for (TwinRange& range : ranges) {
        range.first = static_cast<std::uint32_t>(random() % kPlaces);
        range.last =
            std::min(kPlaces - 1, range.first + static_cast<std::uint32_t>(random() % c.width_max));
        range.value = static_cast<std::uint32_t>(random() % 5);
    }
    if (c.is_sorted) {
        std::ranges::sort(ranges, {}, &TwinRange::first);
    }
    return ranges;
}

// The places begin at `base`, so that borders of the space and of its halves come into it.
template <typename Key, typename KeyOf>
void compare(const TwinCase& c, KeyOf&& key_of) {
    std::mt19937 random(c.seed);
    for (int round = 0; round < 300; ++round) {
        const std::vector<TwinRange> ranges = random_ranges(random, c);
        RangeMap<Key> map;
        for (const TwinRange& range : ranges) {
            map.add(key_of(range.first), key_of(range.last), range.value);
        }
        map.build();
        for (std::uint32_t place = 0; place < kPlaces; ++place) {
            ASSERT_EQ(map.find(key_of(place)), twin_find(ranges, place))
                << "round " << round << " place " << place;
        }
        // The pieces, one after the other, say the same.
        std::vector<std::uint32_t> walked(kPlaces);
        map.for_each([&](const Key& first, const Key& last, std::uint32_t value) {
            for (std::uint32_t place = 0; place < kPlaces; ++place) {
                if (key_of(place) >= first && key_of(place) <= last) {
                    ASSERT_EQ(walked[place], 0U);
                    walked[place] = value;
                }
            }
        });
        for (std::uint32_t place = 0; place < kPlaces; ++place) {
            ASSERT_EQ(walked[place], twin_find(ranges, place)) << "round " << round;
        }
    }
}

class RangeMapTwin : public testing::TestWithParam<TwinCase> {};

TEST_P(RangeMapTwin, FindsAlikeAtTheBeginningOfTheSpace) {
    compare<std::uint32_t>(GetParam(), [](std::uint32_t place) { return place; });
    compare<Address>(GetParam(), [](std::uint32_t place) { return Address{0, place}; });
}

TEST_P(RangeMapTwin, FindsAlikeAtTheEndOfTheSpace) {
    compare<std::uint32_t>(GetParam(),
                           [](std::uint32_t place) { return UINT32_MAX - (kPlaces - 1) + place; });
    compare<Address>(GetParam(), [](std::uint32_t place) {
        return Address{UINT64_MAX, UINT64_MAX - (kPlaces - 1) + place};
    });
}

TEST_P(RangeMapTwin, FindsAlikeAcrossTheHalvesOfAnAddress) {
    compare<Address>(GetParam(), [](std::uint32_t place) {
        constexpr std::uint32_t kHalf = kPlaces / 2;
        return place < kHalf ? Address{7, UINT64_MAX - (kHalf - 1) + place}
                             : Address{8, place - kHalf};
    });
}

INSTANTIATE_TEST_SUITE_P(Seeded, RangeMapTwin,
                         testing::Values(TwinCase{"few", 1, 4, 200, false},
                                         TwinCase{"narrow", 2, 60, 6, false},
                                         TwinCase{"many", 3, 200, 100, false},
                                         TwinCase{"sorted", 4, 60, 40, true},
                                         TwinCase{"equal_width", 5, 80, 1, false}),
                         [](const auto& param) { return param.param.name; });

TEST(RangeMapRange, MayBeTheWholeSpace) {
    RangeMap<std::uint32_t> v4;
    v4.add(0, UINT32_MAX, 1);
    v4.add(UINT32_MAX, UINT32_MAX, 2);
    v4.build();
    EXPECT_EQ(v4.find(0), 1U);
    EXPECT_EQ(v4.find(UINT32_MAX - 1), 1U);
    EXPECT_EQ(v4.find(UINT32_MAX), 2U);

    RangeMap<Address> v6;
    v6.add({0, 0}, {UINT64_MAX, UINT64_MAX}, 1);
    v6.add({0, 0}, {UINT64_MAX, UINT64_MAX - 1}, 2);
    v6.build();
    EXPECT_EQ(v6.find({0, 0}), 2U);
    EXPECT_EQ(v6.find({UINT64_MAX, UINT64_MAX}), 1U);
}

TEST(RangeMapRange, OfNothingFindsNothing) {
    RangeMap<std::uint32_t> map;
    map.build();
    EXPECT_EQ(map.find(0), 0U);
    EXPECT_EQ(map.find(UINT32_MAX), 0U);
}

TEST(RangeMapPieces, OfOneValueAreOne) {
    RangeMap<std::uint32_t> map;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        map.add(i * 10, i * 10 + 9, 3);
    }
    map.build();
    EXPECT_LE(map.memory_bytes(), 64U);
}

}  // namespace
}  // namespace fairlist::importer
