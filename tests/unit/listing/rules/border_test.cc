// "What is the border?" of listing.md.
#include "listing/rules/border.h"

#include "tests/unit/listing/rules/hits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <variant>
#include <vector>

namespace fairlist::rules {
namespace {

SpaceRange range(std::string_view text, SpaceUse use) {
    return {*parse_prefix(text), use, "", {}};
}

AddressSpace space() {
    return AddressSpace({range("198.51.0.0/16", SpaceUse::Static),
                         range("198.51.100.0/24", SpaceUse::Assigned),
                         range("198.51.100.16/28", SpaceUse::Dynamic),
                         range("198.51.100.32/28", SpaceUse::Smarthost),
                         range("198.51.100.36/30", SpaceUse::Assigned),
                         range("198.51.101.0/24", SpaceUse::Dedicated),
                         range("198.51.102.0/24", SpaceUse::Quarantine),
                         range("198.51.103.0/24", SpaceUse::MailService),
                         range("198.51.104.0/24", SpaceUse::Shared),
                         range("198.51.105.0/25", SpaceUse::Infrastructure),
                         range("203.0.113.128/26", SpaceUse::Assigned),
                         range("2001:db8:1::/48", SpaceUse::Assigned),
                         range("2001:db8:200::/40", SpaceUse::Unassigned)});
}

struct BorderCase {
    std::string name;
    std::string identity;
    unsigned v4;
    unsigned v6;
    std::string border;
};

class BorderOf : public testing::TestWithParam<BorderCase> {};

TEST_P(BorderOf, AnAddress) {
    TrapRule rule;
    rule.border_v4 = static_cast<std::uint8_t>(GetParam().v4);
    rule.border_v6 = static_cast<std::uint8_t>(GetParam().v6);
    EXPECT_EQ(to_string(border_of(rule, space(), prefix(GetParam().identity))), GetParam().border);
}

const std::vector<BorderCase> kBorderCases = {
    {"assigned", "198.51.100.7", 32, 64, "198.51.100.0/24"},
    {"assigned_although_the_rule_is_wider", "198.51.100.7", 16, 64, "198.51.100.0/24"},
    {"assigned_around_another_use", "198.51.100.17", 32, 64, "198.51.100.0/24"},
    {"smarthost_within_an_assignment", "198.51.100.33", 24, 64, "198.51.100.33"},
    {"assigned_within_a_smarthost", "198.51.100.37", 24, 64, "198.51.100.36/30"},
    {"dedicated", "198.51.101.7", 32, 64, "198.51.101.0/24"},
    {"quarantine", "198.51.102.7", 32, 64, "198.51.102.0/24"},
    {"mail_service", "198.51.103.7", 24, 64, "198.51.103.7"},
    {"shared", "198.51.104.7", 24, 64, "198.51.104.7"},
    {"the_assignment_itself", "198.51.100.0/24", 32, 64, "198.51.100.0/24"},
    {"no_assignment_and_no_rule", "198.51.200.7", 32, 64, "198.51.200.7"},
    {"no_assignment_by_the_rule", "198.51.200.7", 24, 64, "198.51.200.0/24"},
    {"no_wider_than_the_range", "198.51.200.7", 8, 64, "198.51.128.0/17"},
    {"within_a_narrow_range", "198.51.105.7", 24, 64, "198.51.105.0/25"},
    {"published_nowhere", "192.0.2.7", 32, 64, "192.0.2.7"},
    {"published_nowhere_by_the_rule", "192.0.2.7", 24, 64, "192.0.2.0/24"},
    {"beside_the_assignment_of_somebody", "203.0.113.7", 24, 64, "203.0.113.0/25"},
    {"right_beside_the_assignment_of_somebody", "203.0.113.200", 24, 64, "203.0.113.192/26"},
    {"v6_assigned", "2001:db8:1:7::/64", 32, 64, "2001:db8:1::/48"},
    {"v6_by_the_rule", "2001:db8:9:7::/64", 32, 56, "2001:db8:9::/56"},
    {"v6_and_no_rule", "2001:db8:9:7::/64", 32, 64, "2001:db8:9:7::/64"},
    {"v6_single_link_and_no_rule", "2001:db8:9:7::1", 32, 64, "2001:db8:9:7::1"},
    {"v6_narrower_than_64_by_the_rule", "2001:db8:9:7::/80", 32, 56, "2001:db8:9::/56"},
};
INSTANTIATE_TEST_SUITE_P(Rows, BorderOf, testing::ValuesIn(kBorderCases),
                         [](const auto& param) { return param.param.name; });

TEST(BorderOf, ADomainIsItself) {
    TrapRule rule;
    const Border border = find_border(rule, space(), domain("bad.example"));
    EXPECT_EQ(to_string(border.subject), ".bad.example");
    EXPECT_EQ(border.step, "");
}

TEST(BorderStep, SaysWhy) {
    TrapRule rule;
    EXPECT_EQ(find_border(rule, space(), prefix("198.51.100.7")).step,
              "198.51.100.0/24 is published as assigned");
    EXPECT_EQ(find_border(rule, space(), prefix("198.51.103.7")).step,
              "198.51.103.0/24 is published as mail-service: no wider than 198.51.103.7");
    EXPECT_EQ(find_border(rule, space(), prefix("192.0.2.7")).step,
              "no assignment is published: the rule reaches as far as 192.0.2.7");
}

unsigned pick(std::mt19937& random, unsigned below) {
    return static_cast<unsigned>(random() % below);
}

Prefix random_v4(std::mt19937& random, unsigned shortest) {
    const unsigned length = shortest + pick(random, 33 - shortest);
    return Prefix::of(Address::from_v4(0xC6336400 | pick(random, 256)), length + Prefix::kV4Offset);
}

// What a border may never do, whatever is published and whatever the rule says.
TEST(BorderProperty, NeverPastWhatIsPublished) {
    std::mt19937 random(7);
    for (int round = 0; round < 20000; ++round) {
        std::vector<SpaceRange> ranges;
        for (unsigned i = pick(random, 8); i != 0; --i) {
            ranges.push_back(
                {random_v4(random, 24), static_cast<SpaceUse>(1 + pick(random, 10)), "", {}});
        }
        TrapRule rule;
        rule.border_v4 = static_cast<std::uint8_t>(16 + pick(random, 17));
        const Prefix identity = random_v4(random, 32);
        const AddressSpace all(ranges);
        const auto border = std::get<Prefix>(border_of(rule, all, identity));
        ASSERT_TRUE(border.contains(identity));
        const SpaceRange* narrowest = all.find(identity);
        const bool is_published = std::ranges::any_of(ranges, [&](const SpaceRange& each) {
            return each.prefix == border &&
                   (each.use == SpaceUse::Assigned || each.use == SpaceUse::Dedicated ||
                    each.use == SpaceUse::Quarantine);
        });
        if (is_published || border == identity) {
            continue;
        }
        ASSERT_GE(border.written_length(), rule.border_v4);
        ASSERT_TRUE(narrowest == nullptr || narrowest->prefix.contains(border));
        ASSERT_TRUE(narrowest == nullptr || !is_shared(narrowest->use));
        for (const SpaceRange& other : ranges) {
            ASSERT_TRUE(other.prefix.contains(identity) || !border.contains(other.prefix))
                << to_string(border) << " reaches into " << to_string(other.prefix);
        }
    }
}

}  // namespace
}  // namespace fairlist::rules
