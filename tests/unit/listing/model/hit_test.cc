#include "listing/model/hit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist {
namespace {

TEST(HitKindText, IsReadAsItIsWritten) {
    std::vector<std::string_view> words;
    for (int i = 1; i <= 5; ++i) {
        const auto kind = static_cast<HitKind>(i);
        words.push_back(to_string(kind));
        const auto again = parse_hit_kind(words.back());
        ASSERT_TRUE(again.has_value()) << i;
        EXPECT_EQ(*again, kind);
    }
    EXPECT_EQ(words, (std::vector<std::string_view>{"mail", "report", "web", "ssh", "other"}));
    EXPECT_EQ(to_string(static_cast<HitKind>(6)), "?");
}

TEST(HitKindText, UnknownOnesAreRefusedWithWhatWouldBeRight) {
    const auto kind = parse_hit_kind("Mail");
    ASSERT_FALSE(kind.has_value());
    EXPECT_EQ(kind.error().message, "kind \"Mail\": expected mail, report, web, ssh or other");
}

struct IdentityCase {
    std::string name;
    std::string address;
    std::string identity;
};

class HitIdentity : public testing::TestWithParam<IdentityCase> {};

TEST_P(HitIdentity, OfAnAddress) {
    EXPECT_EQ(to_string(identity_of(*parse_address(GetParam().address))), GetParam().identity);
}

// A site's links are /64 at the least (RFC 4291 section 2.5.4).
const std::vector<IdentityCase> kIdentityCases = {
    {"v4", "198.51.100.7", "198.51.100.7"},
    {"v4_in_v6", "::ffff:198.51.100.7", "198.51.100.7"},
    {"v6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
    {"v6_network_itself", "2001:db8:1:2::", "2001:db8:1:2::/64"},
};
INSTANTIATE_TEST_SUITE_P(Families, HitIdentity, testing::ValuesIn(kIdentityCases),
                         [](const auto& param) { return param.param.name; });

TEST(HitIdentity, OfADomainTakesWhatIsBelowItToo) {
    EXPECT_EQ(to_string(identity_of(*parse_domain("Bad.Example."))), ".bad.example");
}

}  // namespace
}  // namespace fairlist
