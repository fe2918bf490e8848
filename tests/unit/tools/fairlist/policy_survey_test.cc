// The figures of a policy against a look at every single address.
#include "tools/fairlist/policy_survey.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

constexpr std::uint32_t kFirst = 0xCB007100;  // 203.0.113.0
constexpr std::uint32_t kAddresses = 256;

MailPolicy random_policy(std::mt19937& random) {
    std::map<Prefix, PolicyRange> ranges;
    for (auto i = random() % 12; i > 0; --i) {
        PolicyRange range;
        const auto host = static_cast<std::uint32_t>(random() % kAddresses);
        range.prefix =
            Prefix::of(Address::from_v4(kFirst + host), 120U + static_cast<unsigned>(random() % 9));
        range.use = static_cast<SpaceUse>(1 + random() % 9);
        range.direct_mail = static_cast<DirectMail>(random() % 4);
        ranges[range.prefix] = range;
    }
    MailPolicy policy;
    for (const auto& [prefix, range] : ranges) {
        policy.ranges.push_back(range);
    }
    return policy;
}

const PolicyRange* narrowest(const MailPolicy& policy, const Address& address) {
    const PolicyRange* found = nullptr;
    for (const PolicyRange& range : policy.ranges) {
        if (range.prefix.contains(address) &&
            (found == nullptr || range.prefix.length >= found->prefix.length)) {
            found = &range;
        }
    }
    return found;
}

TEST(PolicySurvey, CountsWhatTheNarrowestRangeSays) {
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        const MailPolicy policy = random_policy(random);
        std::map<SpaceUse, std::uint64_t> uses;
        std::uint64_t covered = 0;
        std::uint64_t listed = 0;
        std::uint64_t quarantined = 0;
        for (std::uint32_t i = 0; i < kAddresses; ++i) {
            const PolicyRange* range = narrowest(policy, Address::from_v4(kFirst + i));
            if (range == nullptr) {
                continue;
            }
            ++covered;
            ++uses[range->use];
            if (range->use == SpaceUse::Quarantine) {
                ++quarantined;
            } else if (range->direct_mail == DirectMail::Never ||
                       range->direct_mail == DirectMail::OnRequest) {
                ++listed;
            }
        }
        const PolicySurvey figures = survey(policy, Time{1});
        ASSERT_EQ(figures.covered.v4, covered) << round;
        ASSERT_EQ(figures.listed.v4, listed) << round;
        ASSERT_EQ(figures.quarantined.v4, quarantined) << round;
        for (const UseFigure& use : figures.uses) {
            ASSERT_EQ(use.space.v4, uses[use.use]) << round;
        }
    }
}

TEST(PolicySurvey, KeepsTheFamiliesApart) {
    MailPolicy policy;
    for (const std::string_view prefix : {"::/0", "203.0.113.0/24", "2001:db8::/48"}) {
        PolicyRange range;
        range.prefix = parse_prefix(prefix).value();
        range.use = SpaceUse::Static;
        policy.ranges.push_back(range);
    }
    std::ranges::sort(policy.ranges, {}, &PolicyRange::prefix);
    const PolicySurvey figures = survey(policy, Time{1});
    EXPECT_EQ(figures.covered.v4, 256U);
    EXPECT_EQ(figures.covered.v6_64s, UINT64_MAX);
}

importer::PolicyReading reading_of(std::string_view rows) {
    return importer::read_policy("prefix,use\n" + std::string(rows));
}

std::vector<std::string> said(const importer::PolicyReading& reading) {
    std::vector<std::string> lines;
    for (const importer::PolicyFault& fault : reading.faults) {
        lines.push_back(importer::to_string(fault, "f"));
    }
    return lines;
}

TEST(PolicyOwnership, IsToldWithThePlace) {
    const std::vector<Prefix> space = {parse_prefix("11.0.0.0/16").value()};
    importer::PolicyReading reading =
        reading_of("11.0.1.0/24,static\n12.0.0.0/24,static\n11.0.0.0/15,static\n");
    check_ownership(reading, &space);
    EXPECT_EQ(reading.faults_total, 2U);
    EXPECT_EQ(said(reading), (std::vector<std::string>{
                                 "f:3:1: error: range: 12.0.0.0/24: not held by the provider",
                                 "f:4:1: error: range: 11.0.0.0/15: not held by the provider"}));
}

TEST(PolicyOwnership, WithoutSpaceOnlyWidthAndSpecialSpaceAreTold) {
    importer::PolicyReading reading =
        reading_of("11.0.0.0/7,static\n10.1.0.0/16,static\n12.0.0.0/24,static\n");
    EXPECT_EQ(reading.faults_total, 1U);  // host bits
    reading = reading_of("10.0.0.0/7,static\n10.1.0.0/16,static\n12.0.0.0/24,static\n");
    check_ownership(reading, nullptr);
    EXPECT_EQ(reading.faults_total, 1U);
    EXPECT_EQ(reading.warnings_total, 1U);
    ASSERT_EQ(reading.faults.size(), 2U);
    EXPECT_NE(reading.faults[0].what.find("wider than the /8"), std::string::npos);
    EXPECT_NE(reading.faults[1].what.find("10.1.0.0/16: never listed: "), std::string::npos);
}

}  // namespace
}  // namespace fairlist::cli
