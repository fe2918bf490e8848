// The range index against a list that is searched from end to end, on seeded random input.
#include "listing/index/match.h"
#include "listing/index/range_below.h"
#include "listing/index/range_cursor.h"
#include "listing/index/range_index.h"
#include "listing/index/verdict_table.h"
#include "listing/manager/change_log.h"
#include "listing/manager/single_change.h"
#include "tests/support/scratch_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace fairlist::index {
namespace {

constexpr std::array kLists = {ListId{1}, ListId{2}, ListId{3}};
constexpr std::array kRules = {MatchRule::MostSpecific, MatchRule::All, MatchRule::OctetStep};
constexpr Time kNow{1000};

struct TwinEntry {
    Prefix prefix;
    std::size_t list = 0;
    bool exempt = false;
    ReturnCode code;
    Time until;
};

// What RFC-like prose says of the rules, entry by entry.
class Twin {
  public:
    std::vector<TwinEntry> entries;

    void put(const TwinEntry& entry) {
        take(entry);
        entries.push_back(entry);
    }
    std::size_t take(const TwinEntry& entry) {
        return std::erase_if(entries, [&](const TwinEntry& e) { return is_same(e, entry); });
    }
    static bool is_same(const TwinEntry& a, const TwinEntry& b) {
        return a.prefix == b.prefix && a.list == b.list && a.exempt == b.exempt && a.code == b.code;
    }

    // The codes with which a list answers for an address.
    [[nodiscard]] std::multiset<std::uint32_t> answers(const Address& address,
                                                       std::size_t list) const {
        std::vector<const TwinEntry*> covering;
        for (const TwinEntry& entry : entries) {
            const bool live = !entry.until.is_set() || kNow < entry.until;
            const bool same_family = entry.prefix.is_v4() == address.is_v4();
            if (entry.list == list && live && same_family && entry.prefix.contains(address)) {
                covering.push_back(&entry);
            }
        }
        unsigned narrowest = 0;
        unsigned narrowest_exemption = 0;
        for (const TwinEntry* entry : covering) {
            const unsigned size = step(entry->prefix, list) + 1;
            narrowest = std::max(narrowest, size);
            if (entry->exempt) {
                narrowest_exemption = std::max(narrowest_exemption, size);
            }
        }
        std::multiset<std::uint32_t> codes;
        for (const TwinEntry* entry : covering) {
            const unsigned size = step(entry->prefix, list) + 1;
            const bool of_rule = kRules[list] == MatchRule::All || size == narrowest;
            if (!entry->exempt && of_rule && size > narrowest_exemption) {
                codes.insert(entry->code.value);
            }
        }
        return codes;
    }

    // Between the borders of prefixes nothing changes, so that the borders are enough to look at.
    [[nodiscard]] bool any_listed(const Prefix& prefix) const {
        std::set<Address> borders = {prefix.base};
        for (const TwinEntry& entry : entries) {
            borders.insert(entry.prefix.base);
            borders.insert(entry.prefix.last().next());
        }
        for (const Address& border : borders) {
            for (std::size_t list = 0; list < kLists.size(); ++list) {
                if (prefix.contains(border) && !answers(border, list).empty()) {
                    return true;
                }
            }
        }
        return false;
    }

  private:
    static unsigned step(const Prefix& prefix, std::size_t list) {
        const unsigned length = prefix.length;
        if (kRules[list] != MatchRule::OctetStep || !prefix.is_v4()) {
            return length;
        }
        return 96 + (length - 96 + 7) / 8 * 8;
    }
};

// Draws prefixes that overlap a lot: few networks, all lengths.
class Dice {
  public:
    explicit Dice(unsigned seed, bool v6) : random_(seed), v6_(v6) {}

    std::uint64_t number(std::uint64_t below) { return random_() % below; }

    Address address() {
        if (v6_) {
            const std::uint64_t high =
                0x2A00'0000'0000'0000U | number(2) << 40U | number(3) << 16U | number(4);
            return {high, number(2) == 0 ? number(4) : random_()};
        }
        const auto high = static_cast<std::uint32_t>(number(2) << 24U | number(3) << 16U);
        const auto low = static_cast<std::uint32_t>(number(3) == 0 ? number(65536)
                                                                   : number(2) << 8U | number(8));
        return Address::from_v4(0x0B000000U | high | low);
    }
    Prefix prefix() {
        const unsigned shortest = v6_ ? 0 : 96;
        const std::uint64_t kind = number(10);
        const auto length = kind < 4   ? 128U
                            : kind < 9 ? static_cast<unsigned>(112 + number(17))
                                       : static_cast<unsigned>(shortest + number(129 - shortest));
        const unsigned v6_length = kind < 4 ? 64U : kind < 8 ? 128U : length;
        return Prefix::of(address(), v6_ ? v6_length : length);
    }
    TwinEntry entry() {
        static constexpr std::array<std::uint32_t, 4> kEnds = {0, 0, 900, 5000};
        return {prefix(), number(kLists.size()), number(4) == 0,
                ReturnCode{0x7F000002U + static_cast<std::uint32_t>(number(2))},
                Time{kEnds[number(kEnds.size())]}};
    }

  private:
    std::mt19937_64 random_;
    bool v6_;
};

Verdict verdict_of(const TwinEntry& entry) {
    return {kLists[entry.list],
            SourceId{1},
            entry.exempt,
            entry.exempt ? ReturnCode{} : entry.code,
            0,
            ""};
}

ListSelection all_lists() {
    ListSelection lists;
    for (std::size_t i = 0; i < kLists.size(); ++i) {
        lists.add(kLists[i], kRules[i]);
    }
    return lists;
}

struct Case {
    std::string name;
    unsigned seed;
    bool v6;
    unsigned rounds;
    unsigned changes_per_round;
    unsigned entries_max;
    unsigned lookups_per_round;
};

class RangeTwin : public testing::TestWithParam<Case> {
  protected:
    void change(Dice& dice, unsigned times) {
        store_.environment().write([&](store::WriteTxn& txn) {
            ChangeLog log;
            for (unsigned i = 0; i < times; ++i) {
                TwinEntry entry = dice.entry();
                if (entry.exempt) {
                    entry.code = {};
                }
                if (twin_.entries.size() >= GetParam().entries_max || dice.number(3) == 0) {
                    if (twin_.entries.empty()) {
                        continue;
                    }
                    entry = twin_.entries[dice.number(twin_.entries.size())];
                    const auto taken = take_entries(
                        txn, entry.prefix, {kLists[entry.list], {}, entry.exempt, {}}, log);
                    const auto expected = std::erase_if(twin_.entries, [&](const TwinEntry& e) {
                        return e.prefix == entry.prefix && e.list == entry.list &&
                               e.exempt == entry.exempt;
                    });
                    ASSERT_EQ(taken, expected);
                } else {
                    put_entry(txn, entry.prefix, verdict_of(entry), Time{1}, entry.until, log);
                    twin_.put(entry);
                }
            }
        });
    }

    void compare_lookups(Dice& dice, unsigned times) {
        const store::ReadTxn txn(store_.environment());
        ranges_.attach(txn);
        VerdictTable verdicts;
        verdicts.attach(txn);
        RangeBelow below(txn);
        const ListSelection lists = all_lists();
        for (unsigned i = 0; i < times; ++i) {
            const Address address = dice.address();
            if (address.is_v4() && i % 2 == 0) {
                // A hint must change nothing, whether the nodes are known by now or not.
                ranges_.expect(std::array{address.v4(), ~address.v4()});
            }
            Chooser chooser(lists, kNow, address.is_v4());
            ranges_.covering(address, [&](const store::Mark& mark, unsigned length) {
                chooser.offer(mark, length);
            });
            std::array<std::multiset<std::uint32_t>, kLists.size()> found;
            for (const Chosen& chosen : chooser.finish()) {
                found[chosen.slot].insert(verdicts.find(chosen.mark.verdict)->code.value);
            }
            for (std::size_t list = 0; list < kLists.size(); ++list) {
                ASSERT_EQ(found[list], twin_.answers(address, list))
                    << to_string(address) << " list " << list;
            }
            if (i % 50 == 0) {
                const unsigned length = static_cast<unsigned>(dice.number(33)) * 4;
                const Prefix prefix =
                    Prefix::of(dice.address(), GetParam().v6 ? length : std::max(length, 96U));
                ASSERT_EQ(below.any_listed(prefix, lists, kNow, ranges_), twin_.any_listed(prefix))
                    << to_string(prefix);
            }
        }
    }

    void compare_order() {
        const store::ReadTxn txn(store_.environment());
        RangeCursor cursor(txn);
        std::vector<Prefix> sorted;
        for (const TwinEntry& entry : twin_.entries) {
            sorted.push_back(entry.prefix);
        }
        std::ranges::sort(sorted);
        cursor.seek(Prefix{Address{}, 0});
        for (const Prefix& expected : sorted) {
            ASSERT_TRUE(cursor.next());
            ASSERT_EQ(cursor.prefix(), expected)
                << to_string(cursor.prefix()) << " " << to_string(expected);
        }
        ASSERT_FALSE(cursor.next());
        for (std::size_t i = 0; i < sorted.size(); i += 1 + sorted.size() / 20) {
            cursor.seek(sorted[i]);
            ASSERT_TRUE(cursor.next());
            ASSERT_EQ(cursor.prefix(), sorted[i]);
        }
    }

    test::ScratchStore store_;
    Twin twin_;
    RangeIndex ranges_;
};

TEST_P(RangeTwin, AnswersAlike) {
    Dice dice(GetParam().seed, GetParam().v6);
    for (unsigned round = 0; round < GetParam().rounds; ++round) {
        change(dice, GetParam().changes_per_round);
        compare_lookups(dice, GetParam().lookups_per_round);
        compare_order();
        if (HasFatalFailure()) {
            FAIL() << "round " << round << " of seed " << GetParam().seed;
        }
    }
    // Nothing is left behind when everything is taken out.
    store_.environment().write([&](store::WriteTxn& txn) {
        ChangeLog log;
        for (const TwinEntry& entry : twin_.entries) {
            take_entries(txn, entry.prefix, {kLists[entry.list], {}, entry.exempt, {}}, log);
        }
    });
    const store::ReadTxn txn(store_.environment());
    if (!GetParam().v6) {
        EXPECT_EQ(txn.count(store::Table::Nodes), 0U);
    }
    RangeCursor cursor(txn);
    cursor.seek(Prefix{Address{}, 0});
    EXPECT_FALSE(cursor.next());
}

const std::vector<Case> kCases = {
    {"few_v4", 1, false, 120, 20, 60, 4000},
    {"few_v6", 2, true, 120, 20, 60, 4000},
    {"dense_v4_splits", 3, false, 6, 4000, 12000, 400},
    {"dense_v6_splits", 4, true, 6, 3000, 9000, 400},
    {"long_life_v4", 5, false, 400, 40, 120, 300},
};

INSTANTIATE_TEST_SUITE_P(Seeded, RangeTwin, testing::ValuesIn(kCases),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::index
