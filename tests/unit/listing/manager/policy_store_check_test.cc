// What the doctor finds of policies.
#include "listing/manager/policy_store_check.h"

#include "listing/manager/doctor.h"
#include "listing/store/policy_records.h"
#include "tests/support/policy_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace fairlist {
namespace {

using store::PolicyHeader;
using store::PolicyKey;
using store::Table;
using store::WriteTxn;

class PolicyStoreCheckTest : public testing::Test {
  public:
    PolicyStoreCheckTest() {
        site.hold("cloud", {"11.1.0.0/16"});
        const MailPolicy policy =
            test::mail_policy({test::policy_range("11.1.0.0/16", DirectMail::Never)},
                              {test::policy_exemption("11.1.9.7")});
        EXPECT_TRUE(site.import(policy));
        EXPECT_TRUE(
            site.book->grant_exemption(site.actor, "cloud", test::policy_exemption("11.1.9.8")));
    }

    void harm(const std::function<void(WriteTxn&)>& change) {
        site.store.environment().write(change);
    }
    void change(const std::function<void(PolicyHeader&)>& how) {
        harm([&](WriteTxn& txn) {
            auto header = store::decode_policy(*txn.get(Table::Policies, store::policy_key(key)));
            how(*header);
            txn.put(Table::Policies, store::policy_key(key), store::encode_policy(*header));
        });
    }
    std::vector<std::string> faults() {
        std::vector<std::string> found;
        const store::ReadTxn txn(site.store.environment());
        (void)check_policies(txn, [&](std::string what) { found.push_back(std::move(what)); });
        return found;
    }

    test::PolicySite site;
    const PolicyKey key{"cloud", PolicyVoice::Provider, 1};
};

TEST_F(PolicyStoreCheckTest, AWholeStoreHasNoFault) {
    const DoctorReport report = examine(store::ReadTxn(site.store.environment()));
    EXPECT_EQ(report.fault_count, 0U) << report.faults.front();
    EXPECT_EQ(report.policy_versions, 1U);
    EXPECT_EQ(report.granted_exemptions, 1U);
}

TEST_F(PolicyStoreCheckTest, PartsWithoutAVersion) {
    harm([&](WriteTxn& txn) { txn.erase(Table::Policies, store::policy_key(key)); });
    EXPECT_THAT(faults(), testing::Each("policies: cloud, provider version 1 has parts, but there "
                                        "is no such version"));
    EXPECT_EQ(faults().size(), 2U);
}

TEST_F(PolicyStoreCheckTest, AVersionWithoutItsParts) {
    harm([&](WriteTxn& txn) { store::erase_policy_parts(txn, key); });
    EXPECT_THAT(faults(), testing::ElementsAre("policies: cloud, provider version 1: 1 ranges and "
                                               "1 exemptions, but there are 0 and 0"));
}

TEST_F(PolicyStoreCheckTest, AVersionInForceWithoutEntries) {
    site.hold("cloud", {});
    site.book->refresh(site.actor);
    EXPECT_TRUE(faults().empty());
    change([](PolicyHeader& header) { header.lists = true; });
    EXPECT_THAT(faults(), testing::ElementsAre("policies: cloud, provider version 1 is in force "
                                               "and lists, but no list has an entry of it"));
}

TEST_F(PolicyStoreCheckTest, VersionsThatContradictEachOther) {
    change([](PolicyHeader& header) { header.held = true; });
    harm([&](WriteTxn& txn) {
        PolicyHeader header;
        header.in_force = true;
        txn.put(Table::Policies, store::policy_key({"cloud", PolicyVoice::Provider, 2}),
                store::encode_policy(header));
    });
    EXPECT_THAT(faults(),
                testing::ElementsAre(
                    "policies: cloud, provider version 1 is in force and waits for approval",
                    "policies: cloud, provider version 2 is in force beside version 1"));
}

TEST_F(PolicyStoreCheckTest, MalformedRecords) {
    harm([&](WriteTxn& txn) {
        txn.put(Table::Policies, store::policy_key({"cloud", PolicyVoice::Operator, 1}), "?");
        txn.put(Table::Policies, "\x09odd", "?");
        txn.put(Table::PolicyParts, "\x09odd", "?");
        txn.put(Table::PolicyParts, store::granted_key("cloud", *parse_prefix("11.1.9.9")), "?");
    });
    EXPECT_THAT(faults(),
                testing::UnorderedElementsAre(
                    "policies: cloud, operator version 1 is malformed",
                    "policies: a key is malformed", "policies: the key of a part is malformed",
                    "policies: an exemption that cloud granted is malformed"));
}

}  // namespace
}  // namespace fairlist
