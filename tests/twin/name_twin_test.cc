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
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace fairlist::index {
namespace {

constexpr Time kNow{1000};
constexpr std::array kLists = {ListId{1}, ListId{2}, ListId{3}};
constexpr std::array kRules = {MatchRule::MostSpecific, MatchRule::All, MatchRule::MostSpecific};
constexpr std::array kLabels = {"a", "b", "bb", "c-d", "example", "x"};
constexpr std::size_t kLabelsMax = 4;

using Codes = std::multiset<std::uint32_t>;

// What holds of an entry beside its subject.
struct TwinMark {
    std::size_t list = 0;
    SourceId source{};
    bool exempt = false;
    ReturnCode code;
    Time until;

    [[nodiscard]] bool is_live() const { return !until.is_set() || kNow < until; }
    [[nodiscard]] bool is_same_entry(const TwinMark& other) const {
        return list == other.list && source == other.source && exempt == other.exempt &&
               code == other.code;
    }
    [[nodiscard]] Verdict verdict() const { return {kLists[list], source, exempt, code, 0, ""}; }
};

TwinMark draw_mark(std::mt19937_64& random) {
    TwinMark mark;
    mark.list = random() % kLists.size();
    mark.source = SourceId{static_cast<std::uint16_t>(1 + random() % 2)};
    mark.exempt = random() % 4 == 0;
    if (!mark.exempt) {
        mark.code = ReturnCode{0x7F000002U + static_cast<std::uint32_t>(random() % 2)};
    }
    mark.until = Time{random() % 3 == 0 ? (random() % 2 == 0 ? 900U : 5000U) : 0U};
    return mark;
}

struct TwinName {
    NameSubject subject;
    TwinMark mark;
};

bool is_below(const std::string& name, const std::string& above) {
    return name.size() > above.size() && name.ends_with(above) &&
           name[name.size() - above.size() - 1] == '.';
}

std::size_t labels_of(const std::string& name) {
    return 1 + static_cast<std::size_t>(std::ranges::count(name, '.'));
}

// Every name that can be drawn.
std::vector<std::string> all_names() {
    std::vector<std::string> names(kLabels.begin(), kLabels.end());
    std::size_t first = 0;
    for (std::size_t labels = 2; labels <= kLabelsMax; ++labels) {
        const std::size_t last = names.size();
        for (; first < last; ++first) {
            for (const char* label : kLabels) {
                names.push_back(std::string(label) + "." + names[first]);
            }
        }
    }
    return names;
}

class NameTwin : public testing::TestWithParam<unsigned> {
  protected:
    std::mt19937_64 random_{GetParam()};
    test::ScratchStore store_;
    const std::vector<std::string> names_ = all_names();
    std::vector<TwinName> entries_;
    store::Snapshot snapshot_{store_.environment()};
    std::optional<NameIndex> index_;

    // The narrowest entries that apply decide, or all that no exemption beats.
    [[nodiscard]] Codes twin_answers(const std::string& asked, std::size_t list) const {
        std::vector<const TwinName*> applying;
        std::size_t narrowest = 0;
        std::size_t narrowest_exemption = 0;
        for (const TwinName& entry : entries_) {
            const std::string& text = entry.subject.name.text();
            const auto scope = static_cast<unsigned>(entry.subject.scope);
            const bool applies = (asked == text && (scope & 1U) != 0) ||
                                 (is_below(asked, text) && (scope & 2U) != 0);
            if (entry.mark.list != list || !entry.mark.is_live() || !applies) {
                continue;
            }
            applying.push_back(&entry);
            narrowest = std::max(narrowest, labels_of(text));
            if (entry.mark.exempt) {
                narrowest_exemption = std::max(narrowest_exemption, labels_of(text));
            }
        }
        Codes codes;
        for (const TwinName* entry : applying) {
            const std::size_t labels = labels_of(entry->subject.name.text());
            const bool of_rule = kRules[list] == MatchRule::All || labels == narrowest;
            if (!entry->mark.exempt && of_rule && labels > narrowest_exemption) {
                codes.insert(entry->mark.code.value);
            }
        }
        return codes;
    }

    // A name that no entry has, below each name: stands for all other names there.
    [[nodiscard]] bool twin_lists_below(const std::string& asked, std::size_t list) const {
        if (!twin_answers("unused." + asked, list).empty()) {
            return true;
        }
        for (const TwinName& entry : entries_) {
            const std::string& text = entry.subject.name.text();
            if (is_below(text, asked) && (!twin_answers(text, list).empty() ||
                                          !twin_answers("unused." + text, list).empty())) {
                return true;
            }
        }
        return false;
    }

    void take_one(store::WriteTxn& txn, ChangeLog& log) {
        const TwinName like = entries_[random_() % entries_.size()];
        const bool of_all_sources = random_() % 2 == 0;
        const auto removed = std::erase_if(entries_, [&](const TwinName& e) {
            return e.subject == like.subject && e.mark.list == like.mark.list &&
                   e.mark.exempt == like.mark.exempt &&
                   (of_all_sources || e.mark.source == like.mark.source);
        });
        EntryPattern pattern{kLists[like.mark.list], {}, like.mark.exempt, {}};
        if (!of_all_sources) {
            pattern.source = like.mark.source;
        }
        ASSERT_EQ(take_entries(txn, like.subject, pattern, log), removed);
    }

    void change(unsigned times) {
        store_.environment().write([&](store::WriteTxn& txn) {
            ChangeLog log;
            for (unsigned i = 0; i < times; ++i) {
                if (!entries_.empty() && (random_() % 3 == 0 || entries_.size() > 60)) {
                    take_one(txn, log);
                    continue;
                }
                const auto scope = static_cast<NameScope>(1 + random_() % 3);
                // Short names are drawn more often than there are: they cover the others.
                const std::size_t among = random_() % 2 == 0 ? 42 : names_.size();
                const TwinName entry{{*parse_domain(names_[random_() % among]), scope},
                                     draw_mark(random_)};
                put_entry(txn, entry.subject, entry.mark.verdict(), Time{1}, entry.mark.until, log);
                std::erase_if(entries_, [&](const TwinName& e) {
                    return e.subject == entry.subject && e.mark.is_same_entry(entry.mark);
                });
                entries_.push_back(entry);
            }
        });
    }

    static NameKey key_of(const std::string& text, ListId list) {
        NameKey key(list);
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

    // One index lives through all commits, as a worker's does.
    void compare_all_names() {
        snapshot_.begin();
        if (!index_) {
            index_.emplace(snapshot_);
        } else {
            index_->renew(snapshot_);
        }
        VerdictTable verdicts;
        verdicts.attach(snapshot_);
        for (std::size_t n = 0; n < names_.size(); ++n) {
            for (std::size_t list = 0; list < kLists.size(); ++list) {
                compare(*index_, verdicts, names_[n], list);
            }
        }
        snapshot_.end();
    }

    void compare(NameIndex& index, VerdictTable& verdicts, const std::string& asked,
                 std::size_t list) {
        ListSelection lists;
        lists.add(kLists[list], kRules[list]);
        const NameKey key = key_of(asked, kLists[list]);
        const auto offer_to = [&](Chooser& chooser) {
            return [&, list](const store::ScopedMark& mark, unsigned labels) {
                chooser.offer({mark.verdict, mark.exempt, kLists[list], {}, mark.since, mark.until},
                              labels);
                return chooser.wants_wider(0);
            };
        };
        Chooser chooser(lists, kNow);
        const bool may_be_below = index.covering(key, offer_to(chooser));
        Codes codes;
        for (const Chosen& chosen : chooser.finish()) {
            codes.insert(verdicts.find(chosen.mark.verdict)->code.value);
        }
        ASSERT_EQ(codes, twin_answers(asked, list)) << asked << " list " << list;
        if (random_() % 8 == 0) {
            Chooser below(lists, kNow);
            index.covering_below(key, offer_to(below));
            ASSERT_TRUE(may_be_below || !index.any_listed_below(key, kNow)) << asked;
            ASSERT_EQ((codes.empty() && !may_be_below)
                          ? false
                          : !below.finish().empty() || index.any_listed_below(key, kNow),
                      twin_lists_below(asked, list))
                << asked << " list " << list;
        }
    }
};

// 1,554 names in 3 lists, 75 times with each of 3 seeds: a million look-ups.
TEST_P(NameTwin, AnswersAlike) {
    ASSERT_EQ(names_.size(), 1554U);
    for (unsigned round = 0; round < 75 && !HasFatalFailure(); ++round) {
        change(20);
        compare_all_names();
    }
}

INSTANTIATE_TEST_SUITE_P(Seeded, NameTwin, testing::Values(11U, 12U, 13U));

class DigestTwin : public testing::Test {
  protected:
    // All digests that can be drawn: classes that share bytes, sizes that share a beginning.
    DigestTwin() {
        for (unsigned i = 0; i < 800; ++i) {
            Digest digest;
            digest.kind = static_cast<DigestClass>(i % 5);
            digest.size = i / 5 % 2 == 0 ? kSha1Bytes : kSha256Bytes;
            digest.bytes[0] = static_cast<std::uint8_t>(i / 10 % 40);
            digest.bytes[19] = static_cast<std::uint8_t>(i / 400);
            digests_.push_back(digest);
        }
    }

    [[nodiscard]] bool twin_lists(const Digest& digest, std::size_t list) const {
        const auto at = entries_.find(digest);
        bool listed = false;
        bool exempt = false;
        for (const TwinMark& mark : at == entries_.end() ? std::vector<TwinMark>{} : at->second) {
            if (mark.list == list && mark.is_live()) {
                (mark.exempt ? exempt : listed) = true;
            }
        }
        return listed && !exempt;
    }

    void change(store::WriteTxn& txn, ChangeLog& log) {
        const Digest& digest = digests_[random_() % digests_.size()];
        const TwinMark mark = draw_mark(random_);
        std::vector<TwinMark>& marks = entries_[digest];
        if (random_() % 3 == 0) {
            const auto removed = std::erase_if(marks, [&](const TwinMark& m) {
                return m.list == mark.list && m.exempt == mark.exempt;
            });
            ASSERT_EQ(take_entries(txn, digest, {kLists[mark.list], {}, mark.exempt, {}}, log),
                      removed);
            return;
        }
        put_entry(txn, digest, mark.verdict(), Time{1}, mark.until, log);
        std::erase_if(marks, [&](const TwinMark& m) { return m.is_same_entry(mark); });
        marks.push_back(mark);
    }

    void compare_all() {
        const store::ReadTxn txn(store_.environment());
        DigestIndex index(txn);
        for (std::size_t list = 0; list < kLists.size(); ++list) {
            std::array<bool, 5> any{};
            for (const Digest& asked : digests_) {
                const bool listed = twin_lists(asked, list);
                ASSERT_EQ(is_listed(index.find(kLists[list], asked), NameScope::Exact, kNow),
                          listed);
                any[static_cast<std::size_t>(asked.kind)] |= listed;
            }
            for (std::size_t kind = 0; kind < any.size(); ++kind) {
                ASSERT_EQ(index.any_listed(kLists[list], static_cast<DigestClass>(kind), kNow),
                          any[kind]);
            }
        }
    }

    std::mt19937_64 random_{21};
    test::ScratchStore store_;
    std::vector<Digest> digests_;
    std::map<Digest, std::vector<TwinMark>> entries_;
};

// 800 digests in 3 lists, 420 times: a million look-ups. Some rounds shrink to few entries, so
// that a class without any is met.
TEST_F(DigestTwin, AnswersAlike) {
    for (unsigned round = 0; round < 420 && !HasFatalFailure(); ++round) {
        store_.environment().write([&](store::WriteTxn& txn) {
            ChangeLog log;
            if (round % 60 == 59) {
                for (const auto& [digest, marks] : entries_) {
                    for (const TwinMark& mark : marks) {
                        take_entries(txn, digest, {kLists[mark.list], {}, mark.exempt, {}}, log);
                    }
                }
                entries_.clear();
            }
            for (unsigned i = 0; i < 12; ++i) {
                change(txn, log);
            }
        });
        compare_all();
    }
}

}  // namespace
}  // namespace fairlist::index
