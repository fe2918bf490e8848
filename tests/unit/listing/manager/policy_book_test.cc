#include "listing/store/audit_chain.h"
#include "listing/store/journal.h"
#include "tests/support/policy_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

using test::mail_policy;
using test::policy_exemption;
using test::policy_range;

class PolicyBookTest : public testing::Test {
  public:
    PolicyBookTest() { site.hold("cloud", {"11.1.0.0/16", "2a01:1::/32"}); }

    PolicyImport import(const MailPolicy& policy, bool force = false) {
        const auto result = site.import(policy, force);
        EXPECT_TRUE(result) << result.error().message;
        return result.value_or(PolicyImport{});
    }
    std::uint64_t audited() {
        const store::ReadTxn txn(site.store.environment());
        return store::audit_head(txn).number;
    }
    std::uint64_t journaled() {
        return store::journal_head(store::ReadTxn(site.store.environment()));
    }
    std::string ground() {
        const store::ReadTxn txn(site.store.environment());
        return std::string(txn.get(store::Table::Meta, "ground").value_or(""));
    }
    std::string code(std::string_view address, std::string_view list = "pbl") {
        const ReturnCode code = site.answer(address, list);
        return code.is_set() ? to_string(code) : "-";
    }
    std::string code(std::string_view address, std::string_view list, Time at) {
        const Time before = std::exchange(site.now, at);
        const std::string said = code(address, list);
        site.now = before;
        return said;
    }

    test::PolicySite site;
};

MailPolicy never_but_one_part() {
    return mail_policy({policy_range("11.1.0.0/16", DirectMail::Never),
                        policy_range("11.1.2.0/24", DirectMail::Allowed),
                        policy_range("11.1.2.128/25", DirectMail::OnRequest)});
}

TEST_F(PolicyBookTest, PutsEachVoiceUseAndSmarthostWhereItBelongs) {
    MailPolicy policy = never_but_one_part();
    policy.ranges.push_back(policy_range("11.1.3.0/24", DirectMail::Allowed, SpaceUse::Quarantine));
    policy.ranges.push_back(policy_range("11.1.4.0/24", DirectMail::Allowed, SpaceUse::Smarthost));
    policy.ranges.push_back(policy_range("2a01:1:2::/48", DirectMail::Never));
    policy.exemptions.push_back(policy_exemption("11.1.9.7"));
    const PolicyImport done = import(policy);
    EXPECT_TRUE(done.applied);
    EXPECT_EQ(done.version, 1U);
    EXPECT_EQ(done.listed, 4U);
    EXPECT_EQ(done.exemptions, 1U);
    EXPECT_EQ(done.smarthosts, 1U);
    EXPECT_EQ(done.diff.ranges_added, 6U);
    struct Row {
        const char* address;
        const char* list;
        const char* code;
    };
    for (const Row& row : std::vector<Row>{{"11.1.1.1", "pbl", "127.0.0.10"},
                                           {"11.1.2.1", "pbl", "-"},
                                           {"11.1.2.200", "pbl", "127.0.0.10"},
                                           {"11.1.3.1", "pbl", "127.0.0.12"},
                                           {"11.1.4.1", "pbl", "-"},
                                           {"11.1.9.7", "pbl", "-"},
                                           {"11.1.9.8", "pbl", "127.0.0.10"},
                                           {"2a01:1:2::1", "pbl", "127.0.0.10"},
                                           {"2a01:1:3::1", "pbl", "-"},
                                           {"11.1.4.1", "dnswl", "127.0.0.2"},
                                           {"11.1.1.1", "dnswl", "-"}}) {
        EXPECT_EQ(code(row.address, row.list), row.code) << row.address << " " << row.list;
    }
}

TEST_F(PolicyBookTest, TellsOursFromTheProviders) {
    ASSERT_TRUE(site.import(mail_policy({policy_range("11.1.0.0/16", DirectMail::Never)}), false,
                            PolicyVoice::Operator));
    EXPECT_EQ(code("11.1.1.1"), "127.0.0.11");
    EXPECT_THAT(site.said(*parse_address("11.1.1.1")).reason, testing::HasSubstr("our policy"));
    EXPECT_FALSE(site.book->in_force("cloud", PolicyVoice::Provider));
    EXPECT_TRUE(site.book->in_force("cloud", PolicyVoice::Operator));
}

TEST_F(PolicyBookTest, QuotesThePolicyInTheReason) {
    MailPolicy policy = mail_policy({policy_range("11.1.0.0/16", DirectMail::Never)});
    policy.ranges[0].policy = "Port 25 opens in the {panel}.";
    policy.ranges[0].smarthost = "relay.example.net";
    policy.ranges[0].contact = "abuse@example.net";
    import(policy);
    EXPECT_EQ(site.said(*parse_address("11.1.1.1")).reason,
              "{address} should not send mail directly: policy of Cloud: Port 25 opens in the "
              "{{panel}. Smarthost: relay.example.net. Contact: abuse@example.net.");
}

TEST_F(PolicyBookTest, TakesOnlyWhatItsProviderHolds) {
    site.hold("other", {"11.1.7.0/24", "12.0.0.0/16"});
    site.options.protected_space = ProtectedSpace({*parse_prefix("11.1.5.0/24")}, {});
    site.make();
    const PolicyImport done =
        import(mail_policy({policy_range("10.0.0.0/7", DirectMail::Never),
                            policy_range("11.1.5.0/25", DirectMail::Never),
                            policy_range("11.1.6.0/23", DirectMail::Never),
                            policy_range("11.1.7.0/25", DirectMail::Never),
                            policy_range("12.0.0.0/24", DirectMail::Never),
                            policy_range("13.0.0.0/24", DirectMail::Never)},
                           {policy_exemption("11.1.6.0/23"), policy_exemption("11.1.6.9")}));
    std::vector<std::string> refused;
    for (const PolicyRefusal& refusal : done.refused) {
        refused.push_back(to_string(refusal.prefix) + (refusal.is_exemption ? " x: " : ": ") +
                          refusal.why);
    }
    EXPECT_THAT(refused, testing::UnorderedElementsAre(
                             "10.0.0.0/7: wider than the /8 that a policy may speak of",
                             testing::StartsWith("11.1.5.0/25: protected space: "),
                             "11.1.7.0/25: held by other", "12.0.0.0/24: held by other",
                             "13.0.0.0/24: not held by cloud",
                             "11.1.6.0/23 x: 11.1.7.0/24 in it is held by other"));
    EXPECT_EQ(done.refused_total, 6U);
    EXPECT_EQ(code("11.1.6.1"), "127.0.0.10");
    EXPECT_EQ(code("11.1.6.9"), "-");
    EXPECT_EQ(code("11.1.7.1"), "-");
    EXPECT_EQ(code("11.1.5.1"), "-");
}

TEST_F(PolicyBookTest, RefusesWhatCannotBeNewer) {
    MailPolicy policy = never_but_one_part();
    policy.published = Time{site.now.seconds + 86401};
    EXPECT_EQ(site.import(policy).error().code, Errc::OutOfRange);
    policy.published = Time{site.now.seconds + 86400};
    import(policy);
    policy.published = site.now;
    policy.ranges.pop_back();
    const auto older = site.import(policy);
    ASSERT_FALSE(older);
    EXPECT_EQ(older.error().code, Errc::Conflict);
    EXPECT_EQ(code("11.1.2.200"), "127.0.0.10");
    EXPECT_EQ(site.book->import(site.actor, "nobody", PolicyVoice::Provider, policy, false, false)
                  .error()
                  .code,
              Errc::NotFound);
    policy.ranges[0].policy = std::string(kPolicyTextBytesMax + 1, 'x');
    policy.published = Time{site.now.seconds + 86400};
    EXPECT_EQ(site.import(policy).error().code, Errc::OutOfRange);
    site.options.rules.list = "nil";
    site.make();
    EXPECT_EQ(site.import(never_but_one_part(), true).error().code, Errc::NotFound);
}

TEST_F(PolicyBookTest, NamesThatNoProviderCanHaveAreNotFound) {
    const std::string name(70000, 'x');
    EXPECT_TRUE(site.book->versions(name).empty());
    EXPECT_TRUE(site.book->granted(name, {}, 10).empty());
    EXPECT_FALSE(site.book->in_force(name, PolicyVoice::Provider));
    EXPECT_EQ(site.book->approve(site.actor, name, PolicyVoice::Provider).error().code,
              Errc::NotFound);
    EXPECT_EQ(site.book->withdraw(site.actor, name, PolicyVoice::Provider).error().code,
              Errc::NotFound);
    EXPECT_EQ(site.book->version(name, PolicyVoice::Provider, 1).error().code, Errc::NotFound);
    EXPECT_EQ(site.book->end_exemption(site.actor, name, *parse_prefix("11.1.0.1")).error().code,
              Errc::NotFound);
    EXPECT_EQ(
        site.book->grant_exemption(site.actor, name, policy_exemption("11.1.0.1")).error().code,
        Errc::NotFound);
}

TEST_F(PolicyBookTest, IsOneTransactionAndTheSameAgainIsNone) {
    const std::string before = ground();
    const std::uint64_t journal = journaled();
    const std::uint64_t audit = audited();
    const auto look = site.book->import(site.actor, "cloud", PolicyVoice::Provider,
                                        never_but_one_part(), true, false);
    ASSERT_TRUE(look);
    EXPECT_EQ(look->listed, 2U);
    EXPECT_EQ(journaled(), journal);
    EXPECT_FALSE(site.book->in_force("cloud", PolicyVoice::Provider));
    import(never_but_one_part());
    EXPECT_EQ(journaled(), journal + 1);
    EXPECT_EQ(audited(), audit + 1);
    EXPECT_NE(ground(), before);
    EXPECT_EQ(site.book->in_force("cloud", PolicyVoice::Provider), never_but_one_part());
    const PolicyImport again = import(never_but_one_part());
    EXPECT_EQ(again.version, 0U);
    EXPECT_FALSE(again.applied);
    EXPECT_TRUE(again.diff.empty());
    EXPECT_EQ(audited(), audit + 1);
    EXPECT_EQ(site.book->versions("cloud").size(), 1U);
    EXPECT_EQ(site.book->refresh(site.actor), 0U);
    EXPECT_EQ(audited(), audit + 1);
}

MailPolicy of_many(unsigned count, Time published) {
    MailPolicy policy = mail_policy({});
    for (unsigned i = 0; i < count; ++i) {
        policy.ranges.push_back(
            policy_range("11.1." + std::to_string(i) + ".0/24", DirectMail::Never));
    }
    policy.published = published;
    return policy;
}

TEST_F(PolicyBookTest, AVersionThatLosesTooMuchWaitsForAnOperator) {
    import(of_many(20, site.now));
    const MailPolicy small = of_many(9, Time{site.now.seconds + 1});
    const PolicyImport held = import(small);
    EXPECT_TRUE(held.held);
    EXPECT_FALSE(held.applied);
    EXPECT_EQ(held.version, 2U);
    EXPECT_THAT(held.held_why, testing::StartsWith("9 ranges and exemptions, 20 before"));
    EXPECT_EQ(code("11.1.15.1"), "127.0.0.10");

    const std::uint64_t audit = audited();
    EXPECT_EQ(import(small).version, 2U) << "fetched again: the same version";
    EXPECT_EQ(audited(), audit);
    EXPECT_EQ(import(of_many(8, Time{site.now.seconds + 2})).version, 3U);
    const auto versions = site.book->versions("cloud");
    ASSERT_EQ(versions.size(), 3U);
    EXPECT_TRUE(versions[0].held);
    EXPECT_FALSE(versions[1].held) << "only the newest waits";
    EXPECT_TRUE(versions[2].in_force);

    const auto approved = site.book->approve(site.actor, "cloud", PolicyVoice::Provider);
    ASSERT_TRUE(approved);
    EXPECT_EQ(approved->version, 3U);
    EXPECT_EQ(approved->diff.ranges_removed, 12U);
    EXPECT_EQ(code("11.1.15.1"), "-");
    EXPECT_EQ(code("11.1.7.1"), "127.0.0.10");
    EXPECT_FALSE(site.book->approve(site.actor, "cloud", PolicyVoice::Provider));
}

TEST_F(PolicyBookTest, GoingBackToTheVersionInForceEndsTheWait) {
    import(of_many(4, site.now));
    EXPECT_TRUE(import(of_many(13, site.now)).held);
    EXPECT_EQ(import(of_many(4, site.now)).version, 0U);
    EXPECT_FALSE(site.book->approve(site.actor, "cloud", PolicyVoice::Provider));
    EXPECT_TRUE(import(of_many(13, site.now), true).applied) << "forced";
    EXPECT_EQ(code("11.1.12.1"), "127.0.0.10");
}

TEST_F(PolicyBookTest, TheGuardHoldsPastItsLimitsOnly) {
    struct Row {
        unsigned before, after;
        bool held;
    };
    std::uint32_t step = 0;
    for (const Row& row : std::vector<Row>{
             {10, 5, false}, {10, 4, true}, {10, 30, false}, {10, 31, true}, {10, 0, true}}) {
        site.now.seconds += ++step;
        import(of_many(row.before, site.now), true);
        EXPECT_EQ(import(of_many(row.after, Time{site.now.seconds + 1})).held, row.held)
            << row.before << " to " << row.after;
        site.now.seconds += 1;
    }
}

TEST_F(PolicyBookTest, AStalePolicyListsNothingAndItsExemptionsStay) {
    MailPolicy policy = never_but_one_part();
    policy.exemptions.push_back(policy_exemption("11.1.9.7"));
    import(policy);
    site.now.seconds += site.options.rules.fresh_seconds - 1;
    EXPECT_EQ(site.book->refresh(site.actor), 0U);
    EXPECT_EQ(code("11.1.1.1"), "127.0.0.10");
    site.now.seconds += 1;
    EXPECT_EQ(site.book->refresh(site.actor), 1U);
    EXPECT_EQ(code("11.1.1.1"), "-");
    const store::ReadTxn txn(site.store.environment());
    const auto counts = store::read_counts(txn, store::find_list(txn, "pbl")->id,
                                           store::find_source(txn, "policy:cloud"));
    EXPECT_EQ(counts.entries, 0U);
    EXPECT_EQ(counts.exemptions, 1U);
}

TEST_F(PolicyBookTest, PublishedAnewItListsAgain) {
    import(never_but_one_part());
    site.now.seconds += site.options.rules.fresh_seconds;
    site.book->refresh(site.actor);
    MailPolicy policy = never_but_one_part();
    EXPECT_EQ(import(policy).version, 0U);
    EXPECT_EQ(code("11.1.1.1"), "-") << "old news";
    policy.published = site.now;
    EXPECT_EQ(import(policy).version, 2U);
    EXPECT_EQ(code("11.1.1.1"), "127.0.0.10");
}

TEST_F(PolicyBookTest, SpaceThatWasSoldIsNoLongerItsProviders) {
    import(mail_policy({policy_range("11.1.0.0/16", DirectMail::Never)}));
    site.hold("other", {"11.1.8.0/21"});
    EXPECT_EQ(site.book->refresh(site.actor), 1U);
    EXPECT_EQ(code("11.1.9.1"), "-");
    EXPECT_EQ(code("11.1.7.1"), "127.0.0.10");
    EXPECT_EQ(code("11.1.16.1"), "127.0.0.10");
    ASSERT_TRUE(site.providers->remove(site.actor, "cloud"));
    EXPECT_EQ(site.book->refresh(site.actor), 1U);
    EXPECT_EQ(code("11.1.7.1"), "-");
    EXPECT_FALSE(site.book->in_force("cloud", PolicyVoice::Provider));
}

TEST_F(PolicyBookTest, AnExemptionByCallEndsByItselfAndOutlivesVersions) {
    import(never_but_one_part());
    const Time until{site.now.seconds + 86400};
    const PolicyExemption exemption = policy_exemption("11.1.9.7", until);
    ASSERT_TRUE(site.book->grant_exemption(site.actor, "cloud", exemption));
    EXPECT_EQ(code("11.1.9.7"), "-");
    const std::uint64_t audit = audited();
    ASSERT_TRUE(site.book->grant_exemption(site.actor, "cloud", exemption));
    EXPECT_EQ(audited(), audit) << "granted again";
    MailPolicy next = never_but_one_part();
    next.ranges.pop_back();
    next.published = Time{site.now.seconds + 1};
    import(next);
    EXPECT_EQ(code("11.1.9.7"), "-");
    EXPECT_THAT(site.book->granted("cloud", {}, 10), testing::ElementsAre(exemption));
    EXPECT_EQ(code("11.1.9.7", "pbl", until), "127.0.0.10");
    site.now = until;
    EXPECT_TRUE(site.book->granted("cloud", {}, 10).empty());
    site.book->refresh(site.actor);
    EXPECT_EQ(code("11.1.9.7"), "127.0.0.10");
    EXPECT_EQ(site.book->end_exemption(site.actor, "cloud", exemption.prefix).error().code,
              Errc::NotFound)
        << "refresh cleared it away";
}

TEST_F(PolicyBookTest, OfTwoExemptionsTheLongerCounts) {
    const Time until{site.now.seconds + 86400};
    MailPolicy policy = mail_policy({policy_range("11.1.0.0/16", DirectMail::Never),
                                     policy_range("11.1.2.0/24", DirectMail::Allowed)},
                                    {policy_exemption("11.1.9.7", until)});
    import(policy);
    ASSERT_TRUE(site.book->grant_exemption(site.actor, "cloud", policy_exemption("11.1.9.7")));
    ASSERT_TRUE(
        site.book->grant_exemption(site.actor, "cloud", policy_exemption("11.1.2.0/24", until)));
    EXPECT_EQ(code("11.1.9.7", "pbl", until), "-");
    EXPECT_EQ(code("11.1.2.1", "pbl", until), "-") << "the range itself says so";
    ASSERT_TRUE(site.book->end_exemption(site.actor, "cloud", *parse_prefix("11.1.9.7")));
    EXPECT_EQ(code("11.1.9.7"), "-");
    EXPECT_EQ(code("11.1.9.7", "pbl", until), "127.0.0.10");
}

TEST_F(PolicyBookTest, ExemptionsByCallAreCheckedAndPaged) {
    site.hold("other", {"12.0.0.0/16"});
    EXPECT_EQ(
        site.book->grant_exemption(site.actor, "cloud", policy_exemption("12.0.0.1")).error().code,
        Errc::Refused);
    EXPECT_EQ(
        site.book->grant_exemption(site.actor, "cloud", policy_exemption("11.1.9.7", site.now))
            .error()
            .code,
        Errc::OutOfRange);
    for (const char* text : {"11.1.0.1", "11.1.0.2", "11.1.0.3", "2a01:1::1"}) {
        ASSERT_TRUE(site.book->grant_exemption(site.actor, "cloud", policy_exemption(text)));
    }
    std::vector<std::string> seen;
    std::optional<Prefix> after;
    for (;;) {
        const auto page = site.book->granted("cloud", after, 2);
        if (page.empty()) {
            break;
        }
        for (const PolicyExemption& exemption : page) {
            seen.push_back(to_string(exemption.prefix));
        }
        after = page.back().prefix;
    }
    EXPECT_THAT(seen,
                testing::UnorderedElementsAre("11.1.0.1", "11.1.0.2", "11.1.0.3", "2a01:1::1"));
    ASSERT_TRUE(site.providers->remove(site.actor, "cloud"));
    site.book->refresh(site.actor);
    EXPECT_TRUE(site.book->granted("cloud", {}, 10).empty());
}

TEST_F(PolicyBookTest, WithdrawnItListsNothingAndGrantsStay) {
    import(never_but_one_part());
    ASSERT_TRUE(site.book->grant_exemption(site.actor, "cloud", policy_exemption("11.1.9.7")));
    const auto gone = site.book->withdraw(site.actor, "cloud", PolicyVoice::Provider);
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->diff.ranges_removed, 3U);
    EXPECT_EQ(gone->exemptions, 1U);
    EXPECT_EQ(code("11.1.1.1"), "-");
    EXPECT_FALSE(site.book->in_force("cloud", PolicyVoice::Provider));
    EXPECT_FALSE(site.book->withdraw(site.actor, "cloud", PolicyVoice::Provider));
    EXPECT_EQ(site.book->version("cloud", PolicyVoice::Provider, 1).value(), never_but_one_part());
    MailPolicy again = never_but_one_part();
    again.published = Time{site.now.seconds - 5};
    EXPECT_EQ(import(again).version, 2U) << "nothing in force is older";
}

TEST_F(PolicyBookTest, KeepsTwentyVersionsAndAllOfTheLastYear) {
    for (unsigned i = 0; i < 30; ++i) {
        site.now.seconds += i < 10 ? 40U * 86400 : 60;
        import(of_many(5 + i % 2, site.now));
    }
    EXPECT_EQ(site.book->versions("cloud").size(), 30U);
    site.now.seconds += 300U * 86400;
    import(of_many(7, site.now));
    const auto versions = site.book->versions("cloud");
    // Of the first 10, 40 days apart, those of the last 400 days: the 300 since, and 100 before.
    ASSERT_EQ(versions.size(), 24U);
    EXPECT_EQ(versions.back().version, 8U);
    EXPECT_EQ(site.book->version("cloud", PolicyVoice::Provider, 7).error().code, Errc::NotFound);
    EXPECT_EQ(site.book->version("cloud", PolicyVoice::Provider, 8)->ranges.size(), 6U);
}

TEST_F(PolicyBookTest, WithoutListsItIsKeptAllTheSame) {
    site.options.rules.list.clear();
    site.options.rules.allow_list.clear();
    site.make();
    const PolicyImport done = import(never_but_one_part());
    EXPECT_TRUE(done.applied);
    EXPECT_EQ(done.listed, 0U);
    EXPECT_EQ(code("11.1.1.1"), "-");
    EXPECT_TRUE(site.book->in_force("cloud", PolicyVoice::Provider));
}

}  // namespace
}  // namespace fairlist
