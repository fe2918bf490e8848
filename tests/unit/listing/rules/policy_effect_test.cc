// What a policy makes of the lists, against a twin that looks at single addresses.
#include "listing/rules/policy_effect.h"

#include "listing/model/entry.h"
#include "zones/reason.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::rules {
namespace {

constexpr std::string_view kMine = "mine";
constexpr std::uint32_t kBase = 0x0B010200;  // 11.1.2.0/24

HolderMap holders_of(std::vector<HolderMap::Row> rows) {
    return {{"mine", "other", "third"}, std::move(rows)};
}

PolicyRange range_of(const Prefix& prefix, DirectMail direct_mail) {
    PolicyRange range;
    range.prefix = prefix;
    range.use = SpaceUse::Shared;
    range.direct_mail = direct_mail;
    return range;
}

// The range whose entry answers for the address in a list in which the narrowest prefix wins; -1:
// none does.
int answer(const Effect& effect, const Prefix& address) {
    const EffectEntry* best = nullptr;
    for (const EffectEntry& entry : effect.entries) {
        if (entry.prefix.contains(address) &&
            (best == nullptr || entry.prefix.length > best->prefix.length ||
             (entry.prefix == best->prefix && entry.exempt))) {
            best = &entry;
        }
    }
    return best == nullptr || best->exempt ? -1 : static_cast<int>(best->range);
}

struct Site {
    std::vector<HolderMap::Row> rows;
    std::vector<PolicyRange> ranges;
};

const HolderMap::Row* holder_by_walk(const Site& site, const Prefix& prefix) {
    const HolderMap::Row* best = nullptr;
    for (const HolderMap::Row& row : site.rows) {
        if (row.prefix.contains(prefix) &&
            (best == nullptr || row.prefix.length > best->prefix.length)) {
            best = &row;
        }
    }
    return best;
}

int answer_by_walk(const Site& site, const Prefix& address) {
    const HolderMap::Row* holder = holder_by_walk(site, address);
    if (holder == nullptr || holder->holder != 0) {
        return -1;
    }
    int best = -1;
    for (std::size_t i = 0; i < site.ranges.size(); ++i) {
        if (site.ranges[i].prefix.contains(address) &&
            (best < 0 || site.ranges[i].prefix.length >
                             site.ranges[static_cast<std::size_t>(best)].prefix.length)) {
            best = static_cast<int>(i);
        }
    }
    return best >= 0 && is_listed_by_policy(site.ranges[static_cast<std::size_t>(best)]) ? best
                                                                                         : -1;
}

class Random {
  public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(engine_() % limit);
    }
    Prefix prefix(bool v6) {
        const std::uint32_t low = below(256);
        const unsigned length = 120 + below(9);
        if (!v6) {
            return Prefix::of(Address::from_v4(kBase + low), length);
        }
        std::array<std::uint8_t, 16> bytes{0x2A, 0x01};
        bytes[15] = static_cast<std::uint8_t>(low);
        return Prefix::of(Address::from_bytes(bytes), length);
    }

  private:
    std::mt19937 engine_;
};

Site make_site(Random& random, bool v6) {
    Site site;
    std::map<Prefix, std::uint32_t> rows;
    for (std::uint32_t left = 1 + random.below(12); left > 0; --left) {
        rows[random.prefix(v6)] = random.below(3);
    }
    if (random.below(2) == 0) {
        const Prefix first = random.prefix(v6);
        rows[Prefix::of(first.base, 120)] = 0;
    }
    for (const auto& [prefix, holder] : rows) {
        site.rows.push_back({prefix, holder});
    }
    std::map<Prefix, PolicyRange> ranges;
    for (std::uint32_t left = random.below(12); left > 0; --left) {
        const Prefix prefix = random.prefix(v6);
        const HolderMap::Row* holder = holder_by_walk(site, prefix);
        if (holder != nullptr && holder->holder == 0) {
            ranges[prefix] = range_of(prefix, static_cast<DirectMail>(random.below(4)));
        }
    }
    for (const auto& [prefix, range] : ranges) {
        site.ranges.push_back(range);
    }
    return site;
}

TEST(PolicyEffect, ListsWhatTheNarrowestRangeSaysOfOwnSpaceAlone) {
    Random random(5);
    std::uint64_t listed = 0;
    std::uint64_t not_listed = 0;
    for (int round = 0; round < 3000; ++round) {
        const bool v6 = round % 3 == 0;
        const Site site = make_site(random, v6);
        const HolderMap holders = holders_of(site.rows);
        const Effect effect = effect_of(site.ranges, holders, kMine, is_listed_by_policy);
        ASSERT_TRUE(effect.left_out.empty());
        Prefix address =
            v6 ? *parse_prefix("2a01::/128") : Prefix::of(Address::from_v4(kBase), 128);
        std::array<std::uint8_t, 16> bytes = address.base.to_bytes();
        for (unsigned low = 0; low < 256; ++low) {
            bytes[15] = static_cast<std::uint8_t>(low);
            address = Prefix::of(Address::from_bytes(bytes), 128);
            const int expected = answer_by_walk(site, address);
            ASSERT_EQ(answer(effect, address), expected)
                << "round " << round << ", " << to_string(address);
            ++(expected < 0 ? not_listed : listed);
        }
    }
    EXPECT_GT(listed, 10000U);
    EXPECT_GT(not_listed, 10000U);
}

TEST(PolicyEffect, SaysNothingInSpaceOfOthers) {
    Random random(6);
    std::uint64_t exempt = 0;
    for (int round = 0; round < 2000; ++round) {
        const Site site = make_site(random, false);
        const HolderMap holders = holders_of(site.rows);
        for (const EffectEntry& entry :
             effect_of(site.ranges, holders, kMine, is_listed_by_policy).entries) {
            const std::string* holder = holders.holder(entry.prefix);
            ASSERT_NE(holder, nullptr) << to_string(entry.prefix);
            ASSERT_EQ(*holder, kMine) << to_string(entry.prefix);
            exempt += entry.exempt ? 1 : 0;
        }
    }
    EXPECT_GT(exempt, 100U);
}

// What is exempt inside a range must win over the pieces that the range was cut into.
TEST(PolicyEffect, PiecesAreNeverNarrowerThanOwnSpaceInsideThem) {
    const Prefix outer = *parse_prefix("11.1.0.0/16");
    const HolderMap holders = holders_of({{outer, 0}, {*parse_prefix("11.1.255.0/24"), 1}});
    const std::vector<PolicyRange> ranges = {
        range_of(outer, DirectMail::Never),
        range_of(*parse_prefix("11.1.2.0/24"), DirectMail::Allowed)};
    const Effect effect = effect_of(ranges, holders, kMine, is_listed_by_policy);
    std::vector<std::string> said;
    for (const EffectEntry& entry : effect.entries) {
        said.push_back((entry.exempt ? "!" : "") + to_string(entry.prefix));
    }
    EXPECT_EQ(said, (std::vector<std::string>{"11.1.0.0/17", "11.1.128.0/18", "11.1.192.0/19",
                                              "11.1.224.0/20", "11.1.240.0/21", "11.1.248.0/22",
                                              "11.1.252.0/23", "11.1.254.0/24", "!11.1.2.0/24"}));
}

TEST(PolicyEffect, ARangeOfTooManyPiecesIsLeftOutAndTold) {
    std::vector<HolderMap::Row> rows = {{*parse_prefix("11.0.0.0/8"), 0}};
    for (std::uint32_t at = 0; at < 16384; ++at) {
        rows.push_back({Prefix::of(Address::from_v4(0x0B000001U + (at << 10U)), 128), 1});
    }
    const std::vector<PolicyRange> ranges = {
        range_of(*parse_prefix("11.0.0.0/8"), DirectMail::Never),
        range_of(*parse_prefix("11.0.0.128/25"), DirectMail::OnRequest)};
    const Effect effect = effect_of(ranges, holders_of(rows), kMine, is_listed_by_policy);
    EXPECT_EQ(effect.left_out, std::vector<std::size_t>{0});
    ASSERT_EQ(effect.entries.size(), 1U);
    EXPECT_EQ(effect.entries[0].range, 1U);
}

std::string shown(const std::string& text) {
    std::array<char, 4096> room{};
    ReasonFields fields;
    fields.address = "11.1.2.3";
    return {room.data(), expand_reason(text, fields, room)};
}

TEST(PolicyReason, QuotesTheProvidersWordsAsTheyAre) {
    PolicyRange range = range_of(*parse_prefix("11.1.2.0/24"), DirectMail::Never);
    range.policy = "Ask for {address} and {{more}}.";
    range.smarthost = "relay.example.net";
    range.contact = "abuse@example.net";
    const std::string text = policy_reason(range, "Cloud {x}", PolicyVoice::Provider);
    EXPECT_TRUE(check_reason(text, false));
    EXPECT_EQ(shown(text),
              "11.1.2.3 should not send mail directly: policy of Cloud {x}: Ask for {address} and "
              "{{more}}. Smarthost: relay.example.net. Contact: abuse@example.net.");
}

TEST(PolicyReason, IsCutAtTheBorderOfACharacterAndNotWithinAnEscape) {
    for (std::size_t pad = 0; pad < 8; ++pad) {
        for (const std::string_view unit : {"\xC3\xA9", "\xF0\x9F\x93\xA7", "{"}) {
            PolicyRange range = range_of(*parse_prefix("11.1.2.0/24"), DirectMail::Never);
            range.policy = std::string(pad, 'x');
            while (range.policy.size() < 2 * kReasonBytesMax) {
                range.policy += unit;
            }
            const std::string text = policy_reason(range, "Cloud", PolicyVoice::Operator);
            ASSERT_LE(text.size(), kReasonBytesMax);
            ASSERT_GT(text.size(), kReasonBytesMax - 4);
            EXPECT_TRUE(check_reason(text, false)) << unit;
            const std::string out = shown(text);
            EXPECT_EQ(out.substr(out.size() - unit.size()), unit);
        }
    }
}

TEST(PolicyReason, OfASmarthostNamesTheDomainThatAnswersForIt) {
    struct Row {
        const char* name;
        const char* smarthost;
        const char* domain;
        PolicyVoice voice;
        const char* expected;
    };
    const std::vector<Row> rows = {
        {"its own", "relay.example.net", "example.net", PolicyVoice::Provider,
         "relay.example.net 11.1.2.3 relays for Cloud"},
        {"the provider's", "", "example.net", PolicyVoice::Provider,
         "example.net 11.1.2.3 relays for Cloud"},
        {"none", "", "", PolicyVoice::Provider,
         "PROVIDER-POLICY.INVALID 11.1.2.3 relays for Cloud"},
        {"ours", "", "", PolicyVoice::Operator,
         "OPERATOR-LISTED.INVALID 11.1.2.3 relays for Cloud"},
    };
    for (const Row& row : rows) {
        PolicyRange range = range_of(*parse_prefix("11.1.2.0/24"), DirectMail::Unsaid);
        range.smarthost = row.smarthost;
        EXPECT_EQ(shown(smarthost_reason(range, "Cloud", row.domain, row.voice)), row.expected)
            << row.name;
    }
}

}  // namespace
}  // namespace fairlist::rules
