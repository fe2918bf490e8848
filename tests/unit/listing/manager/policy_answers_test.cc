// What a look-up says of a policy's space, against a twin that walks ranges and holders.
#include "tests/support/policy_site.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace fairlist {
namespace {

using test::PolicySite;

constexpr std::uint32_t kBase = 0x0B010200;  // 11.1.2.0/24

class Random {
  public:
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(engine_() % limit);
    }
    Prefix prefix() { return Prefix::of(Address::from_v4(kBase + below(256)), 120 + below(9)); }

  private:
    std::mt19937 engine_{20};  // NOLINT(cert-msc51-cpp): the same policies every time
};

struct Model {
    std::map<Prefix, std::string> holders;
    MailPolicy policy;
    std::map<Prefix, PolicyExemption> granted;

    template <typename Items, typename PrefixOf>
    static auto narrowest(const Items& items, const Prefix& prefix, const PrefixOf& prefix_of) {
        auto best = items.end();
        for (auto at = items.begin(); at != items.end(); ++at) {
            if (prefix_of(*at).contains(prefix) &&
                (best == items.end() || prefix_of(*at).length > prefix_of(*best).length)) {
                best = at;
            }
        }
        return best;
    }
    bool is_mine(const Prefix& prefix) const {
        const auto at = narrowest(holders, prefix, [](const auto& row) { return row.first; });
        return at != holders.end() && at->second == "cloud";
    }
    bool is_wholly_mine(const Prefix& prefix) const {
        bool mine = is_mine(prefix);
        for (const auto& [held, slug] : holders) {
            mine = mine && (slug == "cloud" || !prefix.contains(held));
        }
        return mine;
    }

    ReturnCode answer(const Prefix& address, Time now, bool fresh) const {
        if (!is_mine(address) || !fresh) {
            return {};
        }
        std::vector<PolicyRange> ranges;
        for (const PolicyRange& range : policy.ranges) {
            if (is_mine(range.prefix)) {
                ranges.push_back(range);
            }
        }
        const auto range =
            narrowest(ranges, address, [](const PolicyRange& each) { return each.prefix; });
        if (range == ranges.end()) {
            return {};
        }
        const auto exempts = [&](const PolicyExemption& exemption) {
            return exemption.prefix.contains(address) &&
                   exemption.prefix.length >= range->prefix.length &&
                   is_wholly_mine(exemption.prefix) &&
                   (!exemption.until.is_set() || now < exemption.until);
        };
        for (const PolicyExemption& exemption : policy.exemptions) {
            if (exempts(exemption)) {
                return {};
            }
        }
        for (const auto& [prefix, exemption] : granted) {
            if (exempts(exemption)) {
                return {};
            }
        }
        if (range->use == SpaceUse::Quarantine) {
            return test::kQuarantine;
        }
        const bool listed =
            range->direct_mail == DirectMail::Never || range->direct_mail == DirectMail::OnRequest;
        return listed ? test::kByProvider : ReturnCode{};
    }
};

void make_holders(Random& random, PolicySite& site, Model& model) {
    model.holders.clear();
    for (std::uint32_t left = 2 + random.below(8); left > 0; --left) {
        model.holders[random.prefix()] = random.below(3) == 0 ? "other" : "cloud";
    }
    site.hold("cloud", {});
    site.hold("other", {});
    for (const char* slug : {"cloud", "other"}) {
        std::vector<Prefix> held;
        for (const auto& [prefix, holder] : model.holders) {
            if (holder == slug) {
                held.push_back(prefix);
            }
        }
        site.hold_prefixes(slug, held);
    }
}

void make_policy(Random& random, Model& model, Time now) {
    std::map<Prefix, PolicyRange> ranges;
    for (std::uint32_t left = 1 + random.below(10); left > 0; --left) {
        PolicyRange range;
        range.prefix = random.prefix();
        range.direct_mail = static_cast<DirectMail>(random.below(4));
        range.use = random.below(5) == 0 ? SpaceUse::Quarantine : SpaceUse::Shared;
        ranges[range.prefix] = range;
    }
    std::map<Prefix, PolicyExemption> exemptions;
    for (std::uint32_t left = random.below(5); left > 0; --left) {
        PolicyExemption exemption;
        exemption.prefix = random.prefix();
        exemption.until = random.below(2) == 0 ? Time{} : Time{now.seconds + 3600};
        exemptions[exemption.prefix] = exemption;
    }
    model.policy = test::mail_policy({});
    model.policy.published = now;
    for (const auto& [prefix, range] : ranges) {
        model.policy.ranges.push_back(range);
    }
    for (const auto& [prefix, exemption] : exemptions) {
        model.policy.exemptions.push_back(exemption);
    }
}

void grant(Random& random, PolicySite& site, Model& model) {
    PolicyExemption exemption;
    exemption.prefix = random.prefix();
    exemption.until = random.below(2) == 0 ? Time{} : Time{site.now.seconds + 3600};
    const bool good = site.book->grant_exemption(site.actor, "cloud", exemption).has_value();
    EXPECT_EQ(good, model.is_wholly_mine(exemption.prefix)) << to_string(exemption.prefix);
    if (good) {
        model.granted[exemption.prefix] = exemption;
    }
}

// Counts the addresses that are listed.
unsigned compare(PolicySite& site, const Model& model, bool fresh, int round) {
    unsigned listed = 0;
    for (std::uint32_t low = 0; low < 256; ++low) {
        const Address address = Address::from_v4(kBase + low);
        const ReturnCode expected = model.answer(Prefix::of(address, 128), site.now, fresh);
        EXPECT_EQ(to_string(site.answer(address)), to_string(expected))
            << "round " << round << ", " << to_string(address);
        listed += expected.is_set() ? 1U : 0U;
    }
    return listed;
}

TEST(PolicyAnswers, AreWhatTheNarrowestRangeSaysWhateverTheSpace) {
    PolicySite site;
    Random random;
    Model model;
    unsigned listed = 0;
    for (int round = 0; round < 60 && !testing::Test::HasFailure(); ++round) {
        make_holders(random, site, model);
        make_policy(random, model, site.now);
        ASSERT_TRUE(site.import(model.policy, true));
        site.book->refresh(site.actor);  // grants of rounds before, in the space of now
        listed += compare(site, model, true, round);
        grant(random, site, model);
        compare(site, model, true, round);
        site.now.seconds += 3600;  // what ends by then does so by itself
        compare(site, model, true, round);
        make_holders(random, site, model);
        site.book->refresh(site.actor);
        compare(site, model, true, round);
        if (round % 10 == 9) {
            site.now.seconds += site.options.rules.fresh_seconds;
            site.book->refresh(site.actor);
            compare(site, model, false, round);
        }
    }
    EXPECT_GT(listed, 1000U);
}

}  // namespace
}  // namespace fairlist
