#include "listing/manager/manager.h"

#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist {
namespace {

constexpr Time kStart{1'700'000'000};

ListSpec list_of(const std::string& name, ListKind kind) {
    ListSpec spec;
    spec.name = name;
    spec.kind = kind;
    return spec;
}

NewEntry entry_of(ListKind kind, std::string_view text, std::string reason = "") {
    return {*parse_subject(kind, text), false, {}, 0, std::move(reason), {}};
}

class ManagerTest : public testing::Test {
  protected:
    void SetUp() override { make(); }
    void make() {
        Manager::Options options;
        options.lists = {list_of("sbl", ListKind::Address), list_of("dbl", ListKind::Domain),
                         list_of("hbl", ListKind::Hash)};
        options.clock = [this] {
            return now_;
        };
        manager_ = std::make_unique<Manager>(store_.environment(), options);
    }

    ChangeKind add(std::string_view list, const NewEntry& entry,
                   std::string_view source = "manual") {
        const auto kind = manager_->add({"operator:test"}, list, source, entry);
        EXPECT_TRUE(kind.has_value()) << (kind ? "" : kind.error().message);
        return kind.value_or(ChangeKind::Unchanged);
    }
    std::vector<EntryView> all(const EntryFilter& filter = {}, std::size_t page = 7) {
        std::vector<EntryView> views;
        std::string after;
        for (int i = 0; i < 100000; ++i) {
            auto got = manager_->entries(filter, after, page);
            EXPECT_TRUE(got.has_value());
            views.insert(views.end(), got->entries.begin(), got->entries.end());
            after = got->next;
            if (after.empty()) {
                break;
            }
        }
        return views;
    }

    test::ScratchStore store_;
    Time now_ = kStart;
    std::unique_ptr<Manager> manager_;
};

TEST_F(ManagerTest, AddTwiceIsUnchangedAndKeepsSince) {
    const NewEntry entry = entry_of(ListKind::Address, "11.1.2.0/24", "why");
    EXPECT_EQ(add("sbl", entry), ChangeKind::Added);
    now_.seconds += 60;
    EXPECT_EQ(add("sbl", entry), ChangeKind::Unchanged);
    EXPECT_EQ(manager_->status().journal_head, 1U);
    NewEntry longer = entry;
    longer.until = Time{now_.seconds + 3600};
    EXPECT_EQ(add("sbl", longer), ChangeKind::Changed);
    const auto views = all();
    ASSERT_EQ(views.size(), 1U);
    EXPECT_EQ(views[0].entry.since, kStart);
    EXPECT_EQ(views[0].entry.until, longer.until);
    EXPECT_EQ(manager_->lists()[0].entries, 1U);
}

TEST_F(ManagerTest, SourcesKeepTheirOwnEntries) {
    const NewEntry entry = entry_of(ListKind::Address, "11.1.2.3");
    add("sbl", entry, "one");
    add("sbl", entry, "two");
    EXPECT_EQ(*manager_->remove({"t"}, "sbl", "one", entry.subject, false), 1U);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].source, "two");
    EXPECT_EQ(*manager_->remove({"t"}, "sbl", std::nullopt, entry.subject, false), 1U);
    EXPECT_TRUE(all().empty());
    EXPECT_EQ(*manager_->remove({"t"}, "sbl", std::nullopt, entry.subject, false), 0U);
}

struct BadCase {
    std::string name;
    std::string list;
    ListKind kind;
    std::string subject;
    std::uint32_t code;
    std::size_t reason_bytes;
    Errc expected;
};

class ManagerRefuses : public ManagerTest, public testing::WithParamInterface<BadCase> {};

TEST_P(ManagerRefuses, AndChangesNothing) {
    const BadCase& c = GetParam();
    NewEntry entry = entry_of(c.kind, c.subject, std::string(c.reason_bytes, 'r'));
    entry.code = ReturnCode{c.code};
    const auto kind = manager_->add({"t"}, c.list, "manual", entry);
    ASSERT_FALSE(kind.has_value());
    EXPECT_EQ(kind.error().code, c.expected) << kind.error().message;
    EXPECT_EQ(manager_->status().journal_head, 0U);
}

const std::vector<BadCase> kBadCases = {
    {"unknown_list", "nope", ListKind::Address, "11.0.0.1", 0, 0, Errc::NotFound},
    {"other_kind", "dbl", ListKind::Address, "11.0.0.1", 0, 0, Errc::Malformed},
    {"loopback", "sbl", ListKind::Address, "127.0.0.9", 0, 0, Errc::Refused},
    {"private", "sbl", ListKind::Address, "10.1.0.0/16", 0, 0, Errc::Refused},
    {"holds_127_0_0_1", "sbl", ListKind::Address, "126.0.0.0/7", 0, 0, Errc::Refused},
    {"multicast_v6", "sbl", ListKind::Address, "ff02::1", 0, 0, Errc::Refused},
    {"whole_v6", "sbl", ListKind::Address, "::/0", 0, 0, Errc::Refused},
    {"code_127_0_0_1", "sbl", ListKind::Address, "11.0.0.1", 0x7F000001, 0, Errc::Refused},
    {"service_code", "sbl", ListKind::Address, "11.0.0.1", 0x7FFFFFFE, 0, Errc::Refused},
    {"code_outside_127", "sbl", ListKind::Address, "11.0.0.1", 0x09090909, 0, Errc::Refused},
    {"long_reason", "sbl", ListKind::Address, "11.0.0.1", 0, 1001, Errc::OutOfRange},
};

INSTANTIATE_TEST_SUITE_P(Rules, ManagerRefuses, testing::ValuesIn(kBadCases),
                         [](const auto& param) { return param.param.name; });

TEST_F(ManagerTest, JournalTellsEveryChange) {
    add("sbl", entry_of(ListKind::Address, "11.1.2.3", "a"));
    add("dbl", entry_of(ListKind::Domain, "*.bad.example", "b"));
    const std::string digest = "da39a3ee5e6b4b0d3255bfef95601890afd80709._email";
    add("hbl", entry_of(ListKind::Hash, digest, "c"));
    static_cast<void>(manager_->remove({"operator:x"}, "sbl", {},
                                       *parse_subject(ListKind::Address, "11.1.2.3"), false));
    const auto items = manager_->journal(0, 100);
    ASSERT_TRUE(items.has_value());
    ASSERT_EQ(items->size(), 4U);
    EXPECT_EQ((*items)[0].kind, ChangeKind::Added);
    EXPECT_EQ(to_string((*items)[1].after.entry.subject), "*.bad.example");
    EXPECT_EQ(to_string((*items)[2].after.entry.subject), digest);
    EXPECT_EQ((*items)[3].kind, ChangeKind::Removed);
    EXPECT_EQ((*items)[3].before.entry.verdict.reason, "a");
    EXPECT_EQ((*items)[3].actor, "operator:x");
    EXPECT_EQ(manager_->journal(3, 100)->size(), 1U);
    EXPECT_FALSE(manager_->journal(5, 100).has_value());
}

TEST_F(ManagerTest, LookupSaysWhatAnswers) {
    add("sbl", entry_of(ListKind::Address, "11.1.0.0/16", "wide"));
    add("sbl", entry_of(ListKind::Address, "11.1.2.0/24", "narrow"));
    NewEntry exemption = entry_of(ListKind::Address, "11.1.2.3");
    exemption.exempt = true;
    add("sbl", exemption);
    const auto exempt = manager_->lookup(*parse_subject(ListKind::Address, "11.1.2.3"));
    ASSERT_EQ(exempt.size(), 3U);
    EXPECT_TRUE(std::ranges::none_of(exempt, &EntryView::answers));
    const auto listed = manager_->lookup(*parse_subject(ListKind::Address, "11.1.2.4"));
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_TRUE(listed[0].answers);
    EXPECT_EQ(listed[0].entry.verdict.reason, "narrow");
    EXPECT_FALSE(listed[1].answers);
}

TEST_F(ManagerTest, ExpiredEntriesAreSwept) {
    NewEntry entry = entry_of(ListKind::Address, "11.1.2.3");
    entry.until = Time{kStart.seconds + 10};
    add("sbl", entry);
    add("sbl", entry_of(ListKind::Address, "11.1.2.4"));
    EXPECT_EQ(manager_->sweep_expired("", 100).deleted, 0U);
    now_.seconds += 10;
    EXPECT_EQ(all().size(), 1U);
    EXPECT_EQ(manager_->sweep_expired("", 100).deleted, 1U);
    EntryFilter filter;
    filter.include_expired = true;
    EXPECT_EQ(all(filter).size(), 1U);
    EXPECT_EQ(manager_->lists()[0].entries, 1U);
}

// Entries of every kind, many of them on one subject, so that pages end inside subjects: each step
// goes on where the last stopped, finds all that ended, and looks at nothing twice.
TEST_F(ManagerTest, SweepGoesThroughTheStoreOnce) {
    std::size_t ended = 0;
    for (unsigned i = 0; i < 60; ++i) {
        for (unsigned source = 0; source < 1 + i % 4; ++source) {
            const std::string n = std::to_string(i);
            const bool ends = (i + source) % 3 != 0;
            const std::string name = "s" + std::to_string(source);
            for (NewEntry entry : {entry_of(ListKind::Address, "11.1.2." + n),
                                   entry_of(ListKind::Address, "2a01::" + n),
                                   entry_of(ListKind::Domain, "n" + n + ".example")}) {
                entry.until = Time{ends ? kStart.seconds + 10 : 0};
                add(kind_of(entry.subject) == ListKind::Address ? "sbl" : "dbl", entry, name);
                ended += ends ? 1 : 0;
            }
        }
    }
    EntryFilter filter;
    filter.include_expired = true;
    const std::size_t before = all(filter).size();
    now_.seconds += 10;
    std::string after;
    std::uint64_t deleted = 0;
    std::size_t steps = 0;
    do {
        const SweepStep step = manager_->sweep_expired(after, 7);
        EXPECT_NE(step.next, after);
        deleted += step.deleted;
        after = step.next;
    } while (!after.empty() && ++steps < 1000);
    EXPECT_EQ(deleted, ended);
    EXPECT_EQ(all(filter).size(), before - ended);
    EXPECT_LE(steps, before / 3);
}

// A reader killed after the store was opened: an import frees its slot.
TEST_F(ManagerTest, ImportFreesTheSlotsOfDeadReaders) {
    manager_ = nullptr;
    store_.close();
    int pipe_ends[2] = {};
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        store_.open();
        store::Snapshot snapshot(store_.environment());
        snapshot.begin();
        static_cast<void>(write(pipe_ends[1], "r", 1) == 1);
        pause();
        _exit(0);
    }
    char ready = 0;
    ASSERT_EQ(read(pipe_ends[0], &ready, 1), 1);
    store_.open();
    make();
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ImportSet set;
    set.add(entry_of(ListKind::Address, "11.1.2.3"));
    ASSERT_TRUE(manager_->apply({"feed:a"}, "sbl", "a", set, std::nullopt, {}));
    EXPECT_EQ(store_.environment().check_readers(), 0U);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

// Import after import, and the index holds exactly the last set: compared through paging.
TEST_F(ManagerTest, ImportsMakeTheSourceExactlyTheSet) {
    std::mt19937_64 random(7);
    add("sbl", entry_of(ListKind::Address, "11.9.9.9"), "other");
    for (int round = 0; round < 12; ++round) {
        ImportSet set;
        std::map<Prefix, std::pair<std::uint32_t, std::string>> expected;
        const std::size_t entries = round == 5 ? 0 : 3000;
        for (std::size_t i = 0; i < entries; ++i) {
            const bool v6 = random() % 4 == 0;
            const Address address =
                v6 ? Address{0x2A01'0000'0000'0000U | random() % 64 << 16U, random() % 64}
                   : Address::from_v4(0x0B000000U | static_cast<std::uint32_t>(random() % 9000));
            const Prefix prefix = Prefix::of(address, random() % 4 == 0 ? (v6 ? 64 : 120) : 128);
            const std::uint32_t ttl = static_cast<std::uint32_t>(random() % 2) * 60;
            const std::string reason = random() % 3 == 0 ? "r" + std::to_string(random() % 50) : "";
            if (expected.contains(prefix)) {
                continue;
            }
            set.add(prefix, false, {}, ttl, reason, {});
            expected[prefix] = {ttl, reason};
        }
        const auto plan = manager_->plan("sbl", "feed", set);
        const auto done = manager_->apply({"feed:feed"}, "sbl", "feed", set, std::nullopt, {});
        ASSERT_TRUE(plan.has_value() && done.has_value());
        EXPECT_EQ(plan->added, done->added);
        EXPECT_EQ(plan->changed, done->changed);
        EXPECT_EQ(plan->removed, done->removed);
        EXPECT_EQ(plan->unchanged, done->unchanged);
        EXPECT_EQ(done->total_after, expected.size());
        EntryFilter filter;
        filter.source = "feed";
        const auto views = all(filter, 997);
        ASSERT_EQ(views.size(), expected.size());
        for (const EntryView& view : views) {
            const auto at = expected.find(std::get<Prefix>(view.entry.subject));
            ASSERT_NE(at, expected.end());
            EXPECT_EQ(view.entry.verdict.ttl_seconds, at->second.first);
            EXPECT_EQ(view.entry.verdict.reason, at->second.second);
        }
        // The same again writes nothing.
        const std::uint64_t head = manager_->status().journal_head;
        const auto again = manager_->apply({"feed:feed"}, "sbl", "feed", set, std::nullopt, {});
        EXPECT_EQ(again->unchanged, expected.size());
        EXPECT_EQ(manager_->status().journal_head, head);
        EXPECT_EQ(manager_->lists()[0].entries, expected.size() + 1);
    }
    EntryFilter other;
    other.source = "other";
    EXPECT_EQ(all(other).size(), 1U);
}

TEST_F(ManagerTest, NamesAndDigestsAreImportedAlike) {
    for (const std::size_t count : {500U, 480U, 0U, 3U}) {
        ImportSet names;
        ImportSet digests;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string name = "n" + std::to_string(i * 7 % 500) + ".example";
            names.add(entry_of(ListKind::Domain, (i % 3 == 0 ? "*." : "") + name));
            // Both sizes mixed: their keys stand in the order of their bytes, not of their sizes.
            const auto size = i % 4 == 0 ? kSha256Bytes : kSha1Bytes;
            Digest digest{DigestClass::Email, static_cast<std::uint8_t>(size), {}};
            digest.bytes[3] = static_cast<std::uint8_t>(i);
            digest.bytes[4] = static_cast<std::uint8_t>(i >> 8U);
            digests.add({digest, false, {}, 0, "", {}});
        }
        const auto named = manager_->apply({"f"}, "dbl", "feed", names, std::nullopt, {});
        const auto hashed = manager_->apply({"f"}, "hbl", "feed", digests, std::nullopt, {});
        EXPECT_EQ(named->total_after, count);
        EXPECT_EQ(hashed->total_after, count);
        EntryFilter filter;
        filter.list = "dbl";
        EXPECT_EQ(all(filter).size(), count);
        filter.list = "hbl";
        EXPECT_EQ(all(filter).size(), count);
    }
}

TEST_F(ManagerTest, UnusedVerdictsAreCollected) {
    for (int round = 0; round < 3; ++round) {
        ImportSet set;
        for (std::uint32_t i = 0; i < 12000; ++i) {
            set.add(Prefix::single(Address::from_v4(0x0B000000U + i)), false, {}, 0,
                    "round " + std::to_string(round) + " number " + std::to_string(i), {});
        }
        ASSERT_TRUE(manager_->apply({"f"}, "sbl", "feed", set, std::nullopt, {}).has_value());
        EXPECT_EQ(manager_->status().verdicts, 12000U);
        const auto found = manager_->lookup(Prefix::single(Address::from_v4(0x0B000005U)));
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].entry.verdict.reason, "round " + std::to_string(round) + " number 5");
    }
}

TEST_F(ManagerTest, LargeImportIsJournalledAsBulk) {
    ImportSet set;
    for (std::uint32_t i = 0; i < 100001; ++i) {
        set.add(Prefix::single(Address::from_v4(0x0B000000U + i * 3)), false, {}, 0, "", {});
    }
    ASSERT_TRUE(manager_->apply({"f"}, "sbl", "feed", set, std::nullopt, {}).has_value());
    const auto items = manager_->journal(0, 10);
    ASSERT_EQ(items->size(), 1U);
    EXPECT_TRUE((*items)[0].is_bulk);
    EXPECT_EQ((*items)[0].bulk_added, 100001U);
}

TEST_F(ManagerTest, FeedStateSurvives) {
    FeedState state;
    state.name = "drop";
    state.version = 3;
    state.etag = "\"abc\"";
    state.held = true;
    state.held_why = "loses more than half";
    manager_->save_feed(state);
    const auto read = manager_->feed("drop");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->version, 3U);
    EXPECT_EQ(read->etag, "\"abc\"");
    EXPECT_TRUE(read->held);
    EXPECT_FALSE(manager_->feed("other").has_value());
    EXPECT_EQ(manager_->feeds().size(), 1U);
}

}  // namespace
}  // namespace fairlist
