// Where hits say something else than a policy.
#include "listing/manager/policy_conflicts.h"

#include "listing/manager/hit_book.h"
#include "tests/support/policy_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist {
namespace {

using test::kPolicyStart;
using test::policy_range;

class PolicyConflictsTest : public testing::Test {
  public:
    PolicyConflictsTest() {
        site.hold("cloud", {"11.1.0.0/16", "2a01:1::/32"});
        MailPolicy policy = test::mail_policy(
            {policy_range("11.1.1.0/24", DirectMail::Allowed, SpaceUse::Dedicated),
             policy_range("11.1.2.0/24", DirectMail::Allowed, SpaceUse::Shared),
             policy_range("11.1.3.0/24", DirectMail::Never, SpaceUse::Dynamic),
             policy_range("11.1.3.128/25", DirectMail::Allowed, SpaceUse::Static),
             policy_range("11.1.4.0/24", DirectMail::Unsaid, SpaceUse::Unassigned),
             policy_range("11.1.5.0/24", DirectMail::Unsaid, SpaceUse::Shared),
             policy_range("2a01:1:2::/48", DirectMail::Allowed, SpaceUse::Assigned)});
        policy.ranges[5].port25 = Port25::Closed;
        EXPECT_TRUE(site.import(policy));
    }

    void hit(std::string_view address, const std::string& signer, const std::string& helo,
             HitKind kind = HitKind::Mail, Time at = kPolicyStart) {
        Hit made;
        ++hits_;
        made.key[0] = static_cast<std::uint8_t>(hits_);
        made.key[1] = static_cast<std::uint8_t>(hits_ >> 8U);
        made.time = at;
        made.kind = kind;
        made.sensor = "test";
        made.trap = 1;
        made.address = *parse_address(address);
        made.helo = helo;
        if (!signer.empty()) {
            made.signer = *parse_domain(signer);
        }
        site.store.environment().write([&](store::WriteTxn& txn) { add_hit(txn, made); });
    }
    std::vector<std::string> found(std::size_t limit = 100) {
        std::vector<std::string> texts;
        for (const PolicyConflict& conflict :
             site.book->conflicts("cloud", kPolicyStart, limit).found) {
            texts.push_back(to_string(conflict.prefix) + " " + to_string(conflict.where) + ": " +
                            conflict.says + "; " + conflict.seen);
        }
        return texts;
    }
    static std::string numbered(std::string_view name, unsigned number) {
        return std::string(name) + std::to_string(number) + ".example";
    }

    test::PolicySite site;

  private:
    unsigned hits_ = 0;
};

TEST_F(PolicyConflictsTest, ManySignersAtOneDedicatedAddressLookShared) {
    for (unsigned i = 0; i < kSharedSigners; ++i) {
        hit("11.1.1.7", numbered("signer", i), "mail.example");
        hit("11.1.2.7", numbered("signer", i), "mail.example");      // shared: as it is said
        hit("11.1.1.8", numbered("signer", i / 2), "mail.example");  // too few
    }
    EXPECT_THAT(found(), testing::ElementsAre("11.1.1.0/24 11.1.1.7: use dedicated; "
                                              "signers: 5, names in HELO: 1: it looks shared"));
}

TEST_F(PolicyConflictsTest, ManyNamesInHeloCountByTheNetworkOfACustomer) {
    for (unsigned i = 0; i < kSharedNames + 3; ++i) {
        hit("2a01:1:2:3::" + std::to_string(i), "", numbered("host", i));
    }
    EXPECT_THAT(found(), testing::ElementsAre(
                             "2a01:1:2::/48 2a01:1:2:3::/64: use assigned; signers: 0, names "
                             "in HELO: more than 5: it looks shared"));
}

TEST_F(PolicyConflictsTest, MailFromWhereNoneShouldComeIsShown) {
    hit("11.1.3.1", "", "");
    hit("11.1.3.200", "", "");  // the narrower range allows it
    hit("11.1.4.1", "", "");
    hit("11.1.5.1", "", "");
    hit("11.1.5.1", "", "");
    hit("11.1.9.1", "", "");                          // nothing is said of it
    hit("11.1.5.2", "", "", HitKind::Ssh);            // no mail
    hit("11.1.5.3", "", "", HitKind::Mail, Time{1});  // long ago
    EXPECT_THAT(found(),
                testing::ElementsAre("11.1.3.0/24 11.1.3.1: direct_mail never; hits of mail: 1",
                                     "11.1.4.0/24 11.1.4.1: use unassigned; hits of mail: 1",
                                     "11.1.5.0/24 11.1.5.1: port25 closed; hits of mail: 2"));
    EXPECT_EQ(found(2).size(), 2U);
}

TEST_F(PolicyConflictsTest, SaysHowFarItLooked) {
    hit("11.1.3.1", "", "");
    hit("11.1.3.2", "", "");
    const PolicyConflicts conflicts = site.book->conflicts("cloud", kPolicyStart, 10);
    EXPECT_EQ(conflicts.hits_looked_at, 2U);
    EXPECT_TRUE(conflicts.is_whole);
    EXPECT_TRUE(site.book->conflicts("other", kPolicyStart, 10).found.empty());
}

}  // namespace
}  // namespace fairlist
