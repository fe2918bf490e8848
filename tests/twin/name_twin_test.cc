// The name and digest indexes against lists that are searched from end to end.
#include "listing/index/digest_index.h"
#include "listing/index/name_index.h"
#include "listing/index/verdict_table.h"
#include "listing/manager/change_log.h"
#include "listing/manager/single_change.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace fairlist::index {
namespace {

constexpr Time kNow{1000};
constexpr ListId kList{1};
constexpr ListId kOtherList{2};

struct TwinName {
    NameSubject subject;
    bool exempt = false;
    Time until;
};

bool is_below(const std::string& name, const std::string& above) {
    return name.size() > above.size() && name.ends_with(above) &&
           name[name.size() - above.size() - 1] == '.';
}

std::size_t labels_of(const std::string& name) {
    return 1 + static_cast<std::size_t>(std::ranges::count(name, '.'));
}

class NameTwin : public testing::TestWithParam<unsigned> {
  protected:
    std::mt19937_64 random_{GetParam()};
    test::ScratchStore store_;
    std::vector<TwinName> entries_;

    std::string name() {
        static constexpr std::array kLabels = {"a", "b", "bb", "c-d", "example", "x"};
        std::string text = kLabels[random_() % kLabels.size()];
        for (std::uint64_t i = random_() % 4; i > 0; --i) {
            text += std::string(".") + kLabels[random_() % kLabels.size()];
        }
        return text;
    }

    // The narrowest entries that apply decide; exemptions among them win.
    [[nodiscard]] bool twin_lists(const std::string& asked) const {
        std::size_t narrowest = 0;
        bool listed = false;
        bool exempt = false;
        for (const TwinName& entry : entries_) {
            const std::string& text = entry.subject.name.text();
            const auto scope = static_cast<unsigned>(entry.subject.scope);
            const bool live = !entry.until.is_set() || kNow < entry.until;
            const bool applies = (asked == text && (scope & 1U) != 0) ||
                                 (is_below(asked, text) && (scope & 2U) != 0);
            if (!live || !applies || labels_of(text) < narrowest) {
                continue;
            }
            if (labels_of(text) > narrowest) {
                narrowest = labels_of(text);
                listed = exempt = false;
            }
            (entry.exempt ? exempt : listed) = true;
        }
        return listed && !exempt;
    }

    // A name that no entry has, below each name: stands for all other names there.
    [[nodiscard]] bool twin_lists_below(const std::string& asked) const {
        if (twin_lists("unused." + asked)) {
            return true;
        }
        for (const TwinName& entry : entries_) {
            const std::string& text = entry.subject.name.text();
            if (is_below(text, asked) && (twin_lists(text) || twin_lists("unused." + text))) {
                return true;
            }
        }
        return false;
    }

    void change(unsigned times) {
        store_.environment().write([&](store::WriteTxn& txn) {
            ChangeLog log;
            for (unsigned i = 0; i < times; ++i) {
                const auto scope = static_cast<NameScope>(1 + random_() % 3);
                const TwinName entry{{*parse_domain(name()), scope},
                                     random_() % 4 == 0,
                                     Time{random_() % 3 == 0 ? 900U : 0U}};
                const auto removed = std::erase_if(entries_, [&](const TwinName& e) {
                    return e.subject == entry.subject && e.exempt == entry.exempt;
                });
                if (random_() % 3 == 0 || entries_.size() > 40) {
                    ASSERT_EQ(take_entries(txn, entry.subject, {kList, {}, entry.exempt, {}}, log),
                              removed);
                    continue;
                }
                const Verdict verdict{kList, SourceId{1}, entry.exempt, {}, 0, ""};
                put_entry(txn, entry.subject, verdict, Time{1}, entry.until, log);
                entries_.push_back(entry);
                // Another list's names must not shine through.
                const Verdict other{kOtherList, SourceId{1}, false, {}, 0, ""};
                put_entry(txn, entry.subject, other, Time{1}, Time{}, log);
            }
        });
    }

    static NameKey key_of(const std::string& text) {
        NameKey key(kList);
        std::string rest = text;
        while (true) {
            const std::size_t dot = rest.rfind('.');
            EXPECT_TRUE(key.push(dot == std::string::npos ? rest : rest.substr(dot + 1)));
            if (dot == std::string::npos) {
                return key;
            }
            rest.resize(dot);
        }
    }
};

TEST_P(NameTwin, AnswersAlike) {
    ListSelection lists;
    lists.add(kList, MatchRule::MostSpecific);
    for (unsigned round = 0; round < 150; ++round) {
        change(10);
        const store::ReadTxn txn(store_.environment());
        NameIndex index(txn);
        for (unsigned i = 0; i < 700; ++i) {
            const std::string asked = name();
            const NameKey key = key_of(asked);
            Chooser chooser(lists, kNow);
            Chooser below(lists, kNow);
            index.covering(key, [&](const store::ScopedMark& mark, unsigned labels) {
                chooser.offer({mark.verdict, mark.exempt, kList, {}, mark.since, mark.until},
                              labels);
            });
            index.covering_below(key, [&](const store::ScopedMark& mark, unsigned labels) {
                below.offer({mark.verdict, mark.exempt, kList, {}, mark.since, mark.until}, labels);
            });
            ASSERT_EQ(!chooser.finish().empty(), twin_lists(asked)) << asked;
            ASSERT_EQ(!below.finish().empty() || index.any_listed_below(key, kNow),
                      twin_lists_below(asked))
                << asked;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeded, NameTwin, testing::Values(11U, 12U, 13U));

TEST(DigestTwin, AnswersAlike) {
    test::ScratchStore store;
    std::mt19937_64 random(21);
    std::map<Digest, Time> entries;
    const auto draw = [&] {
        Digest digest;
        digest.kind = static_cast<DigestClass>(random() % 5);
        digest.size = random() % 2 == 0 ? kSha1Bytes : kSha256Bytes;
        digest.bytes[0] = static_cast<std::uint8_t>(random() % 8);
        digest.bytes[19] = static_cast<std::uint8_t>(random() % 2);
        return digest;
    };
    for (unsigned round = 0; round < 100; ++round) {
        store.environment().write([&](store::WriteTxn& txn) {
            ChangeLog log;
            for (unsigned i = 0; i < 10; ++i) {
                const Digest digest = draw();
                if (random() % 3 == 0) {
                    ASSERT_EQ(take_entries(txn, digest, {kList, {}, false, {}}, log),
                              entries.erase(digest));
                } else {
                    const Time until{random() % 2 == 0 ? 900U : 0U};
                    put_entry(txn, digest, {kList, SourceId{1}, false, {}, 0, ""}, Time{1}, until,
                              log);
                    entries[digest] = until;
                }
            }
        });
        const store::ReadTxn txn(store.environment());
        DigestIndex index(txn);
        for (unsigned i = 0; i < 500; ++i) {
            const Digest asked = draw();
            const auto at = entries.find(asked);
            const bool listed = at != entries.end() && !at->second.is_set();
            ASSERT_EQ(is_listed(index.find(kList, asked), NameScope::Exact, kNow), listed);
        }
        for (unsigned kind = 0; kind < 5; ++kind) {
            const bool any = std::ranges::any_of(entries, [&](const auto& entry) {
                return static_cast<unsigned>(entry.first.kind) == kind && !entry.second.is_set();
            });
            ASSERT_EQ(index.any_listed(kList, static_cast<DigestClass>(kind), kNow), any);
        }
    }
}

}  // namespace
}  // namespace fairlist::index
