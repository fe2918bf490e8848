#include "listing/model/space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

SpaceRange range(const std::string& prefix, SpaceUse use, std::string customer = "") {
    return {*parse_prefix(prefix), use, std::move(customer), {}};
}

TEST(SpaceUseText, IsReadAsItIsWritten) {
    for (int i = 1; i <= 10; ++i) {
        const auto use = static_cast<SpaceUse>(i);
        const auto again = parse_space_use(to_string(use));
        ASSERT_TRUE(again.has_value()) << i;
        EXPECT_EQ(*again, use);
    }
    EXPECT_EQ(to_string(static_cast<SpaceUse>(11)), "?");
    EXPECT_FALSE(parse_space_use("Shared").has_value());
    EXPECT_FALSE(parse_space_use("").has_value());
}

TEST(SpaceUse, OfSharedSpace) {
    std::vector<std::string_view> shared;
    for (int i = 1; i <= 10; ++i) {
        if (is_shared(static_cast<SpaceUse>(i))) {
            shared.push_back(to_string(static_cast<SpaceUse>(i)));
        }
    }
    EXPECT_EQ(shared, (std::vector<std::string_view>{"shared", "smarthost", "mail-service"}));
}

struct FindCase {
    std::string name;
    std::string prefix;
    std::string holder;               // "-": none
    std::vector<std::string> widers;  // from there outwards
};

class SpaceFind : public testing::TestWithParam<FindCase> {
  protected:
    const AddressSpace space_{
        {range("198.51.0.0/16", SpaceUse::Static),
         range("198.51.100.0/24", SpaceUse::Assigned, "old"),
         range("198.51.100.25", SpaceUse::Smarthost),
         range("198.51.100.0/24", SpaceUse::Assigned, "new"), range("::/0", SpaceUse::Unassigned),
         range("2001:db8::/32", SpaceUse::Static), range("2001:db8:1::/48", SpaceUse::Assigned)}};
};

TEST_P(SpaceFind, NarrowestFirst) {
    const SpaceRange* found = space_.find(*parse_prefix(GetParam().prefix));
    ASSERT_EQ(found == nullptr ? "-" : to_string(found->prefix), GetParam().holder);
    std::vector<std::string> widers;
    while (found != nullptr) {
        found = space_.wider(*found);
        if (found != nullptr) {
            widers.push_back(to_string(found->prefix));
        }
    }
    EXPECT_EQ(widers, GetParam().widers);
}

const std::vector<FindCase> kFindCases = {
    {"single", "198.51.100.25", "198.51.100.25", {"198.51.100.0/24", "198.51.0.0/16"}},
    {"neighbour", "198.51.100.26", "198.51.100.0/24", {"198.51.0.0/16"}},
    {"before_all_of_them", "198.51.99.255", "198.51.0.0/16", {}},
    {"itself", "198.51.100.0/24", "198.51.100.0/24", {"198.51.0.0/16"}},
    {"wider_than_a_range", "198.51.100.0/23", "198.51.0.0/16", {}},
    {"v4_is_in_no_range_of_v6", "198.52.0.1", "-", {}},
    {"v6", "2001:db8:1::/64", "2001:db8:1::/48", {"2001:db8::/32", "::/0"}},
    {"v6_behind_all", "ff00::1", "::/0", {}},
    {"v6_after_ranges_of_v4", "64:ff9b::1", "::/0", {}},
};
INSTANTIATE_TEST_SUITE_P(Ranges, SpaceFind, testing::ValuesIn(kFindCases),
                         [](const auto& param) { return param.param.name; });

TEST(AddressSpace, OfTwoRangesWithOnePrefixTheLaterCounts) {
    const AddressSpace space({range("198.51.100.0/24", SpaceUse::Assigned, "old"),
                              range("198.51.100.0/24", SpaceUse::Assigned, "new")});
    EXPECT_EQ(space.find(*parse_prefix("198.51.100.1"))->customer, "new");
}

TEST(AddressSpace, Empty) {
    const AddressSpace space;
    EXPECT_EQ(space.find(*parse_prefix("198.51.100.1")), nullptr);
    EXPECT_EQ(to_string(space.widen(*parse_prefix("198.51.100.1"), 120)), "198.51.100.0/24");
    EXPECT_EQ(to_string(space.widen(*parse_prefix("198.51.100.1"), 128)), "198.51.100.1");
    EXPECT_EQ(to_string(space.widen(*parse_prefix("198.51.100.1"), 0)), "0.0.0.0/0");
    EXPECT_EQ(to_string(space.widen(*parse_prefix("2001:db8::/64"), 0)), "::/0");
}

unsigned pick(std::mt19937& random, unsigned below) {
    return static_cast<unsigned>(random() % below);
}

// A few bits only, so that ranges nest, touch and repeat.
Prefix random_prefix(std::mt19937& random) {
    const unsigned length = 112 + pick(random, 17);
    const std::uint32_t v4 = 0xC6330000U | (pick(random, 8) << 13U) | pick(random, 16);
    if (pick(random, 4) == 0) {
        const Address v6{0x20010db800000000, (pick(random, 8) << 13U) | pick(random, 16)};
        return Prefix::of(v6, length - (pick(random, 2)) * 60);
    }
    return Prefix::of(Address::from_v4(v4), length);
}

bool overlap(const Prefix& a, const Prefix& b) {
    return a.contains(b) || b.contains(a);
}

const SpaceRange* slow_find(const std::vector<SpaceRange>& ranges, const Prefix& prefix) {
    const SpaceRange* best = nullptr;
    for (const SpaceRange& each : ranges) {
        const bool holds = each.prefix.contains(prefix) && each.prefix.is_v4() == prefix.is_v4();
        if (holds && (best == nullptr || each.prefix.length >= best->prefix.length)) {
            best = &each;
        }
    }
    return best;
}

// Bit by bit, as long as it stays in its holder and touches no range that does not hold it.
Prefix slow_widen(const std::vector<SpaceRange>& ranges, Prefix prefix, unsigned length) {
    const SpaceRange* holder = slow_find(ranges, prefix);
    const Prefix start = prefix;
    while (prefix.length > std::max(length, start.is_v4() ? Prefix::kV4Offset : 0U)) {
        const Prefix next = Prefix::of(prefix.base, prefix.length - 1U);
        const bool is_past_holder = holder != nullptr && next.length < holder->prefix.length;
        const bool is_over_others = std::ranges::any_of(ranges, [&](const SpaceRange& other) {
            return overlap(other.prefix, next) && !other.prefix.contains(start);
        });
        if (is_past_holder || is_over_others) {
            break;
        }
        prefix = next;
    }
    return prefix;
}

TEST(AddressSpaceTwin, FindsAndWidensAsASlowScanDoes) {
    std::mt19937 random(20261126);
    for (int round = 0; round < 400; ++round) {
        std::vector<SpaceRange> ranges;
        for (unsigned i = pick(random, 30); i != 0; --i) {
            ranges.push_back({random_prefix(random),
                              static_cast<SpaceUse>(1 + pick(random, 10)),
                              std::to_string(i),
                              {}});
        }
        const AddressSpace space(ranges);
        for (int i = 0; i < 60; ++i) {
            const Prefix prefix = random_prefix(random);
            SCOPED_TRACE(to_string(prefix));
            const SpaceRange* found = space.find(prefix);
            const SpaceRange* expected = slow_find(ranges, prefix);
            ASSERT_EQ(found == nullptr, expected == nullptr);
            if (found != nullptr) {
                EXPECT_EQ(found->prefix, expected->prefix);
                EXPECT_EQ(found->customer, expected->customer);
            }
            const unsigned length = pick(random, 129);
            EXPECT_EQ(space.widen(prefix, length), slow_widen(ranges, prefix, length)) << length;
        }
    }
}

}  // namespace
}  // namespace fairlist
