#include "listing/manager/ground.h"

#include "listing/manager/provider_book.h"
#include "listing/rules/border.h"
#include "listing/store/policy_records.h"
#include "listing/store/standing_records.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

Prefix prefix(const std::string& text) {
    return *parse_prefix(text);
}

PolicyRange range(const std::string& where, SpaceUse use, const std::string& customer = "") {
    PolicyRange made;
    made.prefix = prefix(where);
    made.use = use;
    made.customer = customer;
    return made;
}

// Provider alpha holds 198.51.100.0/24, and beta a part of it, 198.51.100.128/25.
class GroundTest : public testing::Test {
  protected:
    GroundTest() {
        ProviderBookOptions options;
        options.protected_space =
            ProtectedSpace({}, {prefix("198.51.100.0/24"), prefix("203.0.113.0/24")});
        options.clock = [this] {
            return now_;
        };
        book_ = std::make_unique<ProviderBook>(store_.environment(), std::move(options));
        for (const char* slug : {"alpha", "beta"}) {
            Provider provider;
            provider.slug = slug;
            provider.domains = {*parse_domain(std::string(slug) + ".example")};
            EXPECT_TRUE(book_->add({"test"}, provider));
        }
        hold("alpha", "198.51.100.0/24");
        hold("beta", "198.51.100.128/25");
    }

    void hold(const std::string& slug, const std::string& where, bool take = false) {
        const std::vector<Prefix> ranges = {prefix(where)};
        EXPECT_EQ(book_->add_space({"test"}, slug, ranges, take).value().added, 1U);
    }
    void publish(const std::string& slug, std::vector<PolicyRange> ranges,
                 PolicyVoice voice = PolicyVoice::Provider) {
        const store::PolicyKey key{slug, voice, 1};
        store::PolicyHeader header;
        header.in_force = true;
        header.imported = now_;
        header.ranges = ranges.size();
        MailPolicy policy;
        policy.ranges = std::move(ranges);
        store_.environment().write([&](store::WriteTxn& txn) {
            txn.put(store::Table::Policies, store::policy_key(key), store::encode_policy(header));
            store::put_policy_parts(txn, key, policy);
            move_ground(txn);
        });
    }
    void rate(const std::string& slug, std::uint32_t day, Tier tier) {
        Standing standing;
        standing.tier = tier;
        store_.environment().write([&](store::WriteTxn& txn) {
            txn.put(store::Table::Standings, store::standing_key(slug, day),
                    store::encode_standing(standing));
            move_ground(txn);
        });
    }
    std::shared_ptr<const Ground> current() {
        return keeper_->current(store::ReadTxn(store_.environment()), now_);
    }
    void configure(std::vector<SpaceRange> ranges) {
        keeper_ = std::make_unique<GroundKeeper>(AddressSpace(std::move(ranges)), PolicyRules{});
    }
    // "shared 198.51.100.0/24", "-": what the ground says of an address.
    std::string said(const std::string& where) {
        const auto ground = current();
        const SpaceRange* found = ground->space.find(prefix(where));
        return found == nullptr
                   ? "-"
                   : std::string(to_string(found->use)) + " " + to_string(found->prefix);
    }
    // How far a listing of the address may reach by a rule that reaches to the /24.
    std::string border(const std::string& where) {
        TrapRule rule;
        rule.border_v4 = 24;
        const auto ground = current();
        return to_string(std::get<Prefix>(
            rules::find_border(rule, ground->space, Subject(prefix(where))).subject));
    }

    test::ScratchStore store_;
    Time now_{1'795'600'000};
    std::unique_ptr<ProviderBook> book_;
    std::unique_ptr<GroundKeeper> keeper_ =
        std::make_unique<GroundKeeper>(AddressSpace(), PolicyRules{});
};

TEST_F(GroundTest, KnowsTheHolders) {
    const auto ground = current();
    EXPECT_EQ(ground->holder_of(prefix("198.51.100.1")), "alpha");
    EXPECT_EQ(ground->holder_of(prefix("198.51.100.200")), "beta");
    EXPECT_EQ(ground->holder_of(prefix("198.51.100.0/24")), "") << "it is several'";
    EXPECT_EQ(ground->holder_of(prefix("203.0.113.1")), "");
    EXPECT_EQ(ground->providers.at("beta").slug, "beta");
}

TEST_F(GroundTest, IsReadAgainOnlyWhenItMoved) {
    const auto first = current();
    EXPECT_EQ(current(), first);
    hold("alpha", "203.0.113.0/24");
    const auto second = current();
    EXPECT_NE(second, first);
    EXPECT_EQ(second->holder_of(prefix("203.0.113.1")), "alpha");
    EXPECT_EQ(first->holder_of(prefix("203.0.113.1")), "") << "one state of the store stays it";
}

TEST_F(GroundTest, TakesTheLatestStanding) {
    EXPECT_EQ(current()->tier_of("alpha"), Tier::Neutral);
    rate("alpha", 20700, Tier::Good);
    rate("alpha", 20701, Tier::Poor);
    rate("alpha", 3, Tier::Good);
    EXPECT_EQ(current()->tier_of("alpha"), Tier::Poor);
    EXPECT_EQ(current()->tier_of("beta"), Tier::Neutral);
}

// Customer B must not pay for customer A next to him, nor beta for alpha's word.
TEST_F(GroundTest, APolicyEndsWhereAnotherHolds) {
    publish("alpha", {range("198.51.100.0/24", SpaceUse::Assigned, "a")});
    EXPECT_EQ(said("198.51.100.1"), "assigned 198.51.100.0/24");
    EXPECT_EQ(said("198.51.100.200"), "unassigned 198.51.100.128/25");
    EXPECT_EQ(border("198.51.100.1"), "198.51.100.0/24");
    EXPECT_EQ(border("198.51.100.200"), "198.51.100.128/25") << "beta's end";
    EXPECT_EQ(current()->quote(prefix("198.51.100.200")), nullptr);
    publish("beta", {range("198.51.100.192/26", SpaceUse::Static)});
    EXPECT_EQ(said("198.51.100.200"), "static 198.51.100.192/26");
    EXPECT_EQ(border("198.51.100.200"), "198.51.100.192/26") << "alpha's word ends before it";
    EXPECT_EQ(current()->quote(prefix("198.51.100.200"))->provider, "beta");
    publish("beta", {range("198.51.100.128/25", SpaceUse::Shared)});
    EXPECT_EQ(border("198.51.100.200"), "198.51.100.200");
    publish("beta", {range("198.51.100.128/25", SpaceUse::Dynamic)});
    EXPECT_EQ(border("198.51.100.200"), "198.51.100.128/25");
}

// The range is sold: what the former holder said of it is gone at once.
TEST_F(GroundTest, APolicyDoesNotOutliveItsHolder) {
    publish("alpha", {range("198.51.100.0/26", SpaceUse::Shared)});
    EXPECT_EQ(said("198.51.100.1"), "shared 198.51.100.0/26");
    hold("beta", "198.51.100.0/24", true);
    EXPECT_EQ(said("198.51.100.1"), "-");
    EXPECT_EQ(current()->quote(prefix("198.51.100.1")), nullptr);
    ASSERT_TRUE(book_->remove({"test"}, "beta"));
    EXPECT_EQ(said("198.51.100.200"), "-");
}

TEST_F(GroundTest, APolicyCountsOnlyInsideOfWhatItsProviderHolds) {
    publish("alpha",
            {range("198.51.0.0/16", SpaceUse::Shared), range("203.0.113.0/24", SpaceUse::Shared)});
    EXPECT_EQ(said("198.51.100.1"), "-");
    EXPECT_EQ(said("203.0.113.1"), "-");
    EXPECT_TRUE(current()->quotes.empty());
}

TEST_F(GroundTest, TheProvidersWordStandsOverOurs) {
    const auto wide = range("198.51.100.0/26", SpaceUse::Dynamic);
    publish("alpha", {wide, range("198.51.100.0/28", SpaceUse::Static)}, PolicyVoice::Operator);
    publish("alpha", {range("198.51.100.0/26", SpaceUse::Shared)});
    EXPECT_EQ(said("198.51.100.60"), "shared 198.51.100.0/26");
    EXPECT_EQ(said("198.51.100.1"), "static 198.51.100.0/28");
    EXPECT_EQ(current()->quote(prefix("198.51.100.60"))->voice, PolicyVoice::Provider);
    EXPECT_EQ(current()->quote(prefix("198.51.100.1"))->voice, PolicyVoice::Operator);
}

TEST_F(GroundTest, StandsOverTheConfigurationsSpace) {
    configure({{prefix("198.51.100.0/26"), SpaceUse::Static, "", {}},
               {prefix("198.51.100.128/25"), SpaceUse::MailService, "", {}},
               {prefix("203.0.113.0/24"), SpaceUse::Shared, "", {}}});
    publish("alpha", {range("198.51.100.0/24", SpaceUse::Dynamic),
                      range("198.51.100.0/26", SpaceUse::Shared)});
    EXPECT_EQ(said("198.51.100.1"), "shared 198.51.100.0/26");
    EXPECT_EQ(said("198.51.100.100"), "dynamic 198.51.100.0/24");
    EXPECT_EQ(said("198.51.100.200"), "mail-service 198.51.100.128/25");
    EXPECT_EQ(said("203.0.113.1"), "shared 203.0.113.0/24");
    const auto ground = current();
    const auto domains = [&](const std::string& where) {
        std::string all;
        for (const auto& domain : ground->space.find(prefix(where))->provider_domains) {
            all += domain.text() + " ";
        }
        return all;
    };
    EXPECT_EQ(domains("198.51.100.1"), "alpha.example ");
    EXPECT_EQ(domains("198.51.100.200"), "beta.example ");
    EXPECT_EQ(domains("203.0.113.1"), "");
}

// Freshness ends by the clock, without a write; what was said stays in force.
TEST_F(GroundTest, PoliciesGetOldAndStay) {
    publish("alpha", {range("198.51.100.0/26", SpaceUse::Shared)});
    EXPECT_TRUE(current()->quote(prefix("198.51.100.1"))->fresh);
    now_.seconds += PolicyRules{}.fresh_seconds - 1;
    EXPECT_TRUE(current()->quote(prefix("198.51.100.1"))->fresh);
    now_.seconds += 1;
    EXPECT_FALSE(current()->quote(prefix("198.51.100.1"))->fresh);
    EXPECT_EQ(said("198.51.100.1"), "shared 198.51.100.0/26");
}

// A store of version 3 that is opened to be read has no such tables.
TEST_F(GroundTest, OfAnOldStoreIsEmpty) {
    store_.close();
    std::filesystem::copy_file(
        std::filesystem::path(FAIRLIST_SOURCE_DIR) / "tests/cases/store-v3/data.mdb",
        store_.options().path / "data.mdb", std::filesystem::copy_options::overwrite_existing);
    store::EnvironmentOptions options = store_.options();
    options.read_only = true;
    const auto opened = store::open_environment(options);
    ASSERT_TRUE(opened) << opened.error().message;
    configure({{prefix("203.0.113.0/24"), SpaceUse::Shared, "", {}}});
    const auto ground = keeper_->current(store::ReadTxn(**opened), now_);
    EXPECT_EQ(ground->version, 0U);
    EXPECT_TRUE(ground->holders.empty());
    EXPECT_TRUE(ground->providers.empty());
    EXPECT_NE(ground->space.find(prefix("203.0.113.1")), nullptr);
}

}  // namespace
}  // namespace fairlist
