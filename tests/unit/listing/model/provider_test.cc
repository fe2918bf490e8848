#include "listing/model/provider.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace fairlist {
namespace {

Prefix prefix(const std::string& text) {
    return *parse_prefix(text);
}

HolderMap some_map() {
    return HolderMap({"alpha", "beta", "old"}, {{prefix("198.51.0.0/16"), 0},
                                                {prefix("198.51.100.0/24"), 2},
                                                {prefix("198.51.100.0/24"), 1},
                                                {prefix("198.51.100.128/25"), 1},
                                                {prefix("198.51.100.200"), 0},
                                                {prefix("2001:db8::/32"), 1}});
}

struct HolderCase {
    std::string name;
    std::string prefix;
    std::string holder;     // "-": none
    std::string narrowest;  // "-": none
};

class Holder : public testing::TestWithParam<HolderCase> {};

TEST_P(Holder, IsToldByTheNarrowestRange) {
    const HolderMap map = some_map();
    const Prefix asked = prefix(GetParam().prefix);
    const std::string* holder = map.holder(asked);
    EXPECT_EQ(holder == nullptr ? "-" : *holder, GetParam().holder);
    const HolderMap::Row* row = map.narrowest(asked);
    EXPECT_EQ(row == nullptr ? "-" : to_string(row->prefix), GetParam().narrowest);
}

INSTANTIATE_TEST_SUITE_P(
    Prefixes, Holder,
    testing::Values(HolderCase{"in_the_wide", "198.51.7.9", "alpha", "198.51.0.0/16"},
                    HolderCase{"the_later_of_two_rows", "198.51.100.1", "beta", "198.51.100.0/24"},
                    HolderCase{"own_range_in_it", "198.51.100.192/29", "beta", "198.51.100.128/25"},
                    HolderCase{"anothers_in_it", "198.51.100.200/30", "-", "198.51.100.128/25"},
                    HolderCase{"address_of_another", "198.51.100.200", "alpha", "198.51.100.200"},
                    HolderCase{"wide_with_others", "198.51.0.0/16", "-", "198.51.0.0/16"},
                    HolderCase{"wider_than_all", "198.0.0.0/8", "-", "-"},
                    HolderCase{"before_all", "10.0.0.1", "-", "-"},
                    HolderCase{"v6", "2001:db8:9::/48", "beta", "2001:db8::/32"},
                    HolderCase{"v6_of_nobody", "2001:db9::/48", "-", "-"}),
    [](const auto& row) { return row.param.name; });

TEST(HolderMap, EmptyHoldsNothing) {
    const HolderMap map;
    EXPECT_TRUE(map.empty());
    EXPECT_EQ(map.holder(prefix("198.51.100.1")), nullptr);
    EXPECT_EQ(map.narrowest(prefix("::/0")), nullptr);
    EXPECT_TRUE(map.inside(prefix("::/0")).empty());
}

// IPv6 holds IPv4 numerically, and says nothing of it.
TEST(HolderMap, KeepsTheFamiliesApart) {
    const HolderMap map({"six", "four"}, {{prefix("::/16"), 0}, {prefix("198.51.100.0/24"), 1}});
    EXPECT_EQ(*map.holder(prefix("198.51.100.1")), "four");
    EXPECT_EQ(map.holder(prefix("203.0.113.1")), nullptr);
    EXPECT_EQ(*map.holder(prefix("::/16")), "six");
    EXPECT_TRUE(map.inside(prefix("::/16")).empty());
    EXPECT_EQ(map.wider(*map.narrowest(prefix("198.51.100.1"))), nullptr);
}

// A row at a time, as it is said.
class SlowMap {
  public:
    void put(const Prefix& at, std::uint32_t holder) { rows_[at] = holder; }
    [[nodiscard]] std::optional<Prefix> narrowest(const Prefix& asked, bool strictly) const {
        std::optional<Prefix> best;
        for (const auto& [at, holder] : rows_) {
            const bool holds =
                at.contains(asked) && at.is_v4() == asked.is_v4() && (!strictly || at != asked);
            if (holds && (!best || at.length > best->length)) {
                best = at;
            }
        }
        return best;
    }
    [[nodiscard]] std::set<Prefix> inside(const Prefix& asked) const {
        std::set<Prefix> found;
        for (const auto& [at, holder] : rows_) {
            if (asked.contains(at) && at != asked && at.is_v4() == asked.is_v4()) {
                found.insert(at);
            }
        }
        return found;
    }
    [[nodiscard]] std::optional<std::uint32_t> holder(const Prefix& asked) const {
        const auto best = narrowest(asked, false);
        if (!best) {
            return std::nullopt;
        }
        const std::uint32_t holder = rows_.at(*best);
        for (const Prefix& at : inside(asked)) {
            if (rows_.at(at) != holder) {
                return std::nullopt;
            }
        }
        return holder;
    }

  private:
    std::map<Prefix, std::uint32_t> rows_;
};

// Few bits, so that ranges nest and meet.
Prefix random_prefix(std::mt19937& random) {
    const bool is_v4 = random() % 2 == 0;
    const auto bits = static_cast<std::uint32_t>(random() % 64);
    if (is_v4) {
        return Prefix::of(Address::from_v4(0xC6336400U + bits),
                          122 + static_cast<unsigned>(random() % 7));
    }
    Address base = parse_prefix("2001:db8::/32")->base;
    base.high |= bits;
    return Prefix::of(base, 58 + static_cast<unsigned>(random() % 7));
}

TEST(HolderMapTwin, AgreesWithTheSlowMap) {
    std::mt19937 random(51);  // NOLINT(cert-msc51-cpp): the same every time
    for (int round = 0; round < 300; ++round) {
        SlowMap slow;
        std::vector<HolderMap::Row> rows;
        for (auto left = random() % 24; left > 0; --left) {
            const Prefix at = random_prefix(random);
            const auto holder = static_cast<std::uint32_t>(random() % 3);
            rows.push_back({at, holder});
            slow.put(at, holder);
        }
        const HolderMap map({"a", "b", "c"}, rows);
        for (int i = 0; i < 40; ++i) {
            const Prefix asked = random_prefix(random);
            const HolderMap::Row* row = map.narrowest(asked);
            const auto expected = slow.narrowest(asked, false);
            ASSERT_EQ(row != nullptr, expected.has_value()) << to_string(asked);
            if (row != nullptr) {
                ASSERT_EQ(row->prefix, *expected) << to_string(asked);
                const HolderMap::Row* wider = map.wider(*row);
                const auto above = slow.narrowest(row->prefix, true);
                ASSERT_EQ(wider != nullptr, above.has_value()) << to_string(asked);
                ASSERT_TRUE(wider == nullptr || wider->prefix == *above) << to_string(asked);
            }
            const auto holder = slow.holder(asked);
            const std::string* slug = map.holder(asked);
            ASSERT_EQ(slug != nullptr, holder.has_value()) << to_string(asked);
            ASSERT_TRUE(slug == nullptr || *slug == map.slug(*holder)) << to_string(asked);
            std::set<Prefix> inside;
            for (const HolderMap::Row& within : map.inside(asked)) {
                inside.insert(within.prefix);
            }
            ASSERT_EQ(inside, slow.inside(asked)) << to_string(asked);
        }
    }
}

TEST(SpaceOriginText, IsStable) {
    EXPECT_EQ(to_string(SpaceOrigin::Given), "given");
    EXPECT_EQ(to_string(SpaceOrigin::Network), "network");
    EXPECT_EQ(to_string(SpaceOrigin::Feed), "feed");
    EXPECT_EQ(to_string(static_cast<SpaceOrigin>(4)), "?");
}

}  // namespace
}  // namespace fairlist
