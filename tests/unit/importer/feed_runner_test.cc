#include "importer/feed_runner.h"

#include "importer/feed_folder.h"
#include "tests/unit/importer/fetch/http_server.h"
#include "tests/unit/importer/fetch/packed.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint32_t kNow = 1'795'292'885;  // 2026-11-21T20:28:05Z

// One address list "drop" and one domain list "names" in a store of their own.
class FeedRunnerTest : public testing::Test {
  protected:
    FeedRunnerTest() {
        store::EnvironmentOptions options;
        options.path = folder_ / "store";
        options.map_bytes = 64U << 20U;
        options.create = true;
        environment_ = store::open_environment(options).value();
        Manager::Options lists;
        lists.lists.resize(2);
        lists.lists[0].name = "drop";
        lists.lists[1].name = "names";
        lists.lists[1].kind = ListKind::Domain;
        lists.clock = [this] {
            return now_;
        };
        manager_ = std::make_unique<Manager>(*environment_, lists);
        RunnerOptions runner;
        runner.feeds = folder_ / "store/feeds";
        runner.clock = [this] {
            return now_;
        };
        runner.fetch_allowed = {parse_prefix("127.0.0.1").value()};
        runner.protected_space = ProtectedSpace({parse_prefix("8.8.8.0/24").value()}, {});
        runner_ = std::make_unique<FeedRunner>(*manager_, runner);
        feed_.name = "test";
        feed_.list = "drop";
    }

    ImportReport import(const std::string& content, const RunOptions& options = {}) {
        feed_.url = folder_.write("feed.txt", content);
        return run(options);
    }
    ImportReport run(const RunOptions& options = {}) {
        auto report = runner_->run(feed_, options);
        EXPECT_TRUE(report) << report.error().message;
        return report ? std::move(*report) : ImportReport{};
    }
    Error import_error(const std::string& content) {
        feed_.url = folder_.write("feed.txt", content);
        const auto report = runner_->run(feed_, {});
        EXPECT_FALSE(report);
        return report ? Error{} : report.error();
    }

    // "SUBJECT CODE "REASON" until=..." of all entries of the list.
    std::vector<std::string> entries(const std::string& list = "drop") {
        EntryFilter filter;
        filter.list = list;
        std::vector<std::string> texts;
        // Named: before C++23's P2718 a range's inner temporaries die before the loop.
        const EntryPage page = manager_->entries(filter, "", 1000).value();
        for (const EntryView& view : page.entries) {
            const Entry& entry = view.entry;
            std::string text = entry.verdict.exempt ? "!" : "";
            text += to_string(entry.subject);
            if (entry.verdict.code.is_set()) {
                text += " " + to_string(entry.verdict.code);
            }
            if (!entry.verdict.reason.empty()) {
                text += " \"" + entry.verdict.reason + "\"";
            }
            if (entry.until.is_set()) {
                text += " until=" + to_string(entry.until);
            }
            texts.push_back(text);
        }
        return texts;
    }
    FeedState state() { return manager_->feed("test").value_or(FeedState{}); }

    TestFolder folder_;
    Time now_{kNow};
    std::unique_ptr<store::Environment> environment_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<FeedRunner> runner_;
    FeedSpec feed_;
};

TEST_F(FeedRunnerTest, AppliesAFirstVersion) {
    const std::string content = "1.1.1.0/24 ; SBL1\n2.2.2.2\n";
    const ImportReport report = import(content);
    EXPECT_EQ(report.outcome, ImportOutcome::Applied);
    EXPECT_EQ(report.format, "cidr");
    EXPECT_EQ(report.version, 1U);
    EXPECT_EQ(report.plan.added, 2U);
    EXPECT_EQ(report.records, 2U);
    EXPECT_EQ(report.lines, 2U);
    EXPECT_EQ(report.bytes, content.size());
    EXPECT_THAT(entries(), ElementsAre("1.1.1.0/24 \"SBL1\"", "2.2.2.2"));
    EXPECT_EQ(state().version, 1U);
    EXPECT_EQ(state().imported, now_);
    EXPECT_EQ(state().entries, 2U);
    EXPECT_EQ(state().digest.size(), 64U);
}

TEST_F(FeedRunnerTest, FindsNothingNewInTheSameBytes) {
    import("1.1.1.1\n");
    now_.seconds += 60;
    const ImportReport again = import(gzipped("1.1.1.1\n"));
    EXPECT_EQ(again.outcome, ImportOutcome::Unchanged);
    EXPECT_EQ(again.plan.unchanged, 1U);
    EXPECT_EQ(again.plan.total_before, 1U);
    EXPECT_EQ(again.plan.total_after, 1U);
    EXPECT_EQ(state().version, 1U);
    EXPECT_EQ(state().imported, Time{kNow});
    EXPECT_EQ(state().checked, now_);
    EXPECT_EQ(
        import("1.1.1.1\n",
               {.dry_run = false, .force = true, .one_off = false, .progress = {}, .actor = {}})
            .outcome,
        ImportOutcome::Applied);
}

TEST_F(FeedRunnerTest, ImportsTheSameBytesWhenTheFeedIsSetDifferently) {
    import("1.1.1.1\n");
    feed_.code = "3";
    feed_.reason = "listed: {address}";
    EXPECT_EQ(run().outcome, ImportOutcome::Applied);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 127.0.0.3 \"listed: {address}\""));
    EXPECT_EQ(run().outcome, ImportOutcome::Unchanged);
}

TEST_F(FeedRunnerTest, ChangesOnlyWhatChanged) {
    import("1.1.1.1\n2.2.2.2\n3.3.3.3\n");
    const ImportReport report = import("1.1.1.1\n3.3.3.3 ; x\n4.4.4.4\n");
    EXPECT_EQ(report.plan.unchanged, 1U);
    EXPECT_EQ(report.plan.changed, 1U);
    EXPECT_EQ(report.plan.added, 1U);
    EXPECT_EQ(report.plan.removed, 1U);
    EXPECT_EQ(report.version, 2U);
}

TEST_F(FeedRunnerTest, DryRunWritesNothing) {
    import("1.1.1.1\n");
    const FeedState before = state();
    const ImportReport report = import(
        "", {.dry_run = true, .force = false, .one_off = false, .progress = {}, .actor = {}});
    EXPECT_EQ(report.outcome, ImportOutcome::Planned);
    EXPECT_EQ(report.plan.removed, 1U);
    EXPECT_THAT(report.held_why, HasSubstr("empty"));
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1"));
    EXPECT_FALSE(state().held);
    EXPECT_EQ(state().digest, before.digest);
    EXPECT_THAT(kept_versions(folder_ / "store/feeds", "test"), ElementsAre(1));
}

TEST_F(FeedRunnerTest, DryRunLeavesNoFileAndTakesNoLock) {
    const RunOptions dry{.dry_run = true, .force = false, .progress = {}, .actor = {}};
    EXPECT_EQ(import("1.1.1.1\n", dry).plan.added, 1U);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/feeds"));
    const auto running = FeedFolder::open(folder_ / "store/feeds", "test");
    ASSERT_TRUE(running);
    EXPECT_EQ(import("1.1.1.1\n", dry).outcome, ImportOutcome::Planned);
}

TEST_F(FeedRunnerTest, DryRunOfADownloadLeavesNoFile) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", "1.1.1.1\n"));
    });
    feed_.url = server.url();
    EXPECT_EQ(run({.dry_run = true, .force = false, .progress = {}, .actor = {}}).plan.added, 1U);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/feeds"));
}

// A store that may only be read gives a new list no number.
TEST_F(FeedRunnerTest, DryRunNeedsNoRightToWrite) {
    runner_ = nullptr;
    manager_ = nullptr;
    environment_ = nullptr;
    store::EnvironmentOptions options;
    options.path = folder_ / "store";
    options.map_bytes = 64U << 20U;
    options.read_only = true;
    environment_ = store::open_environment(options).value();
    Manager::Options lists;
    lists.lists.resize(2);
    lists.lists[0].name = "drop";
    lists.lists[1].name = "new";
    manager_ = std::make_unique<Manager>(*environment_, lists);
    RunnerOptions runner;
    runner.feeds = folder_ / "store/feeds";
    runner_ = std::make_unique<FeedRunner>(*manager_, runner);
    for (const char* list : {"drop", "new"}) {
        feed_.list = list;
        const RunOptions dry{.dry_run = true, .force = false, .progress = {}, .actor = {}};
        EXPECT_EQ(import("1.1.1.1\n", dry).plan.added, 1U) << list;
    }
}

TEST_F(FeedRunnerTest, RefusesProtectedAndWideSpaceOneByOne) {
    const ImportReport report =
        import("10.1.2.3\n8.8.8.8\n8.8.0.0/16\n0.0.0.0/1\n2000::/18\n1.0.0.0/8\n");
    EXPECT_EQ(report.refused, 5U);
    ASSERT_EQ(report.refusals.size(), 5U);
    EXPECT_EQ(report.refusals[0].subject, "10.1.2.3");
    EXPECT_EQ(report.refusals[0].why, "private use (RFC 1918)");
    EXPECT_EQ(report.refusals[1].why, "on the operator's do-not-list");
    EXPECT_EQ(report.refusals[2].why, "on the operator's do-not-list");
    EXPECT_EQ(report.refusals[3].why, "wider than the feed may list");
    EXPECT_EQ(report.refusals[4].why, "wider than the feed may list");
    EXPECT_THAT(entries(), ElementsAre("1.0.0.0/8"));
}

TEST_F(FeedRunnerTest, LetsExemptionsCoverAnySpace) {
    const ImportReport report = import(":2:x\n!10.0.0.0/8\n1.2.3.4\n");
    EXPECT_EQ(report.refused, 0U);
    EXPECT_THAT(entries(), ElementsAre("1.2.3.4 127.0.0.2 \"x\"", "!10.0.0.0/8"));
}

TEST_F(FeedRunnerTest, FailsAsAWholeOnTooManyBadLines) {
    import("1.1.1.1\n");
    feed_.max_errors = 2;
    const Error error = import_error("2.2.2.2\na\nb\nc\n3.3.3.3\n");
    EXPECT_EQ(error.code, Errc::Malformed);
    EXPECT_THAT(error.message, AllOf(HasSubstr("more than 2 lines rejected"),
                                     HasSubstr("feed.txt: line 2: "), HasSubstr("line 4")));
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1"));
    EXPECT_EQ(state().last_error, error.message);
    EXPECT_EQ(state().version, 1U);
    EXPECT_EQ(import("2.2.2.2\na\nb\n").rejected, 2U);
    EXPECT_EQ(state().last_error, "");
}

TEST_F(FeedRunnerTest, CountsBadLinesOverAllFilesOfAFolder) {
    folder_.write("lists/a.txt", "1.1.1.1\nbad\n");
    folder_.write("lists/b.txt", "2.2.2.2\nbad\n");
    feed_.url = (folder_ / "lists").string();
    const ImportReport report = run();
    EXPECT_EQ(report.files, 2U);
    ASSERT_EQ(report.rejections.size(), 2U);
    EXPECT_THAT(report.rejections[1].file, HasSubstr("lists/b.txt"));
    EXPECT_EQ(report.rejections[1].line, 2U);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1", "2.2.2.2"));
    feed_.max_errors = 1;
    EXPECT_FALSE(runner_->run(
        feed_, {.dry_run = false, .force = true, .one_off = false, .progress = {}, .actor = {}}));
}

TEST_F(FeedRunnerTest, LimitsTheBytesOfAllFilesTogether) {
    folder_.write("lists/a.txt", "1.1.1.1\n");
    folder_.write("lists/b.txt", "2.2.2.2\n");
    feed_.url = (folder_ / "lists").string();
    feed_.max_bytes = 15;
    const auto report = runner_->run(feed_, {});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::OutOfRange);
    EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(FeedRunnerTest, LifetimeSetsTheEndAndIsRenewed) {
    feed_.lifetime_seconds = 3600;
    import("1.1.1.1\n");
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 until=2026-11-21T21:28:05Z"));
    now_.seconds += 600;
    const ImportReport report = run();
    EXPECT_EQ(report.outcome, ImportOutcome::Applied);
    EXPECT_EQ(report.plan.changed, 1U);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 until=2026-11-21T21:38:05Z"));
}

TEST_F(FeedRunnerTest, KeepsEndsOfTheFeedAndDropsPastOnes) {
    const ImportReport report =
        import("subject,expires\n1.1.1.1,2026-12-01\n2.2.2.2,2026-11-01\n3.3.3.3,\n");
    EXPECT_EQ(report.expired, 1U);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 until=2026-12-01T00:00:00Z", "3.3.3.3"));
}

// rbldnsd answers SERVFAIL from the end of $TIMESTAMP on.
TEST_F(FeedRunnerTest, EntriesEndWithTheirData) {
    feed_.format = "rbldnsd:ip4set";
    const std::string end = to_string(Time{kNow + 3600});
    const std::string content = "$TIMESTAMP 2026:11:21:20:28:05 +1h\n1.1.1.1\n";
    const ImportReport report = import(content);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 until=" + end));
    EXPECT_EQ(to_string(report.facts.data_end), end);
    EXPECT_EQ(to_string(state().data_end), end);
    feed_.lifetime_seconds = 60;
    import(content);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 until=" + to_string(Time{kNow + 60})));
    feed_.lifetime_seconds = 86400;
    import(content);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 until=" + end));
    now_.seconds += 3600;
    EXPECT_THAT(entries(), IsEmpty());
    import("2.2.2.2\n");
    EXPECT_FALSE(state().data_end.is_set());
}

TEST_F(FeedRunnerTest, HoldsWhatShrinksUntilApproved) {
    import("1.1.1.1\n2.2.2.2\n3.3.3.3\n4.4.4.4\n");
    const ImportReport held = import("1.1.1.1\n");
    EXPECT_EQ(held.outcome, ImportOutcome::Held);
    EXPECT_EQ(held.version, 1U);
    EXPECT_EQ(entries().size(), 4U);
    EXPECT_TRUE(state().held);
    EXPECT_THAT(state().held_why, HasSubstr("shrinks from 4 to 1"));

    // Approved is what was held, whatever the source says by now.
    folder_.write("feed.txt", "9.9.9.9\n");
    const auto approved = runner_->approve(feed_, {"operator:anna"}, {});
    ASSERT_TRUE(approved) << approved.error().message;
    EXPECT_EQ(approved->version, 2U);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1"));
    EXPECT_FALSE(state().held);
    EXPECT_EQ(manager_->journal(0, 1000).value().back().actor, "operator:anna");
    EXPECT_EQ(runner_->approve(feed_, {"operator:anna"}, {}).error().code, Errc::NotFound);
    EXPECT_EQ(import("1.1.1.1\n").outcome, ImportOutcome::Unchanged);
}

TEST_F(FeedRunnerTest, ForgetsWhatWasHeldWhenTheSourceRecovers) {
    import("1.1.1.1\n2.2.2.2\n3.3.3.3\n");
    EXPECT_EQ(import("").outcome, ImportOutcome::Held);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "store/feeds/test/held.zst"));
    EXPECT_EQ(import("1.1.1.1\n2.2.2.2\n3.3.3.3\n").outcome, ImportOutcome::Unchanged);
    EXPECT_FALSE(state().held);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/feeds/test/held.zst"));
}

TEST_F(FeedRunnerTest, HoldsAnEmptyFirstVersion) {
    EXPECT_EQ(import("# nothing\n").outcome, ImportOutcome::Held);
    EXPECT_EQ(state().version, 0U);
}

TEST_F(FeedRunnerTest, RollsBackAndIsNotUndoneByTheSameSource) {
    import("1.1.1.1\n2.2.2.2\n");
    import("1.1.1.1\n3.3.3.3\n");
    const auto report = runner_->rollback(feed_, 1, {"operator:anna"}, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->version, 3U);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1", "2.2.2.2"));
    EXPECT_EQ(run().outcome, ImportOutcome::Unchanged);
    EXPECT_TRUE(state().rolled_back);
    EXPECT_EQ(import("4.4.4.4\n1.1.1.1\n").outcome, ImportOutcome::Applied);
    EXPECT_FALSE(state().rolled_back);
    EXPECT_EQ(runner_->rollback(feed_, 77, {"operator:anna"}, {}).error().code, Errc::NotFound);
}

TEST_F(FeedRunnerTest, RemembersNoOneOffThatFailedAtFirst) {
    feed_.url = (folder_ / "missing.txt").string();
    const RunOptions once{
        .dry_run = false, .force = true, .one_off = true, .progress = {}, .actor = {}};
    ASSERT_FALSE(runner_->run(feed_, once).has_value());
    EXPECT_FALSE(manager_->feed("test").has_value());
    // One that brought something in once has a state, which says that it fails now.
    import("1.1.1.1\n", once);
    feed_.url = (folder_ / "missing.txt").string();
    ASSERT_FALSE(runner_->run(feed_, once).has_value());
    EXPECT_NE(state().last_error, "");
}

TEST_F(FeedRunnerTest, ForgetsASourceWithAllThatItHas) {
    NewEntry mine;
    mine.subject = parse_prefix("9.9.9.9").value();
    ASSERT_TRUE(manager_->add({"operator:anna"}, "drop", "manual", mine).has_value());
    import("1.1.1.1\n2.2.2.2\n");
    import("1.1.1.1\n2.2.2.2\n3.3.3.3\n");
    const auto held = runner_->holdings("test");
    ASSERT_TRUE(held.has_value()) << held.error().message;
    EXPECT_EQ(held->entries, 3U);
    EXPECT_EQ(held->versions, 2U);
    EXPECT_EQ(entries().size(), 4U);
    const std::uint64_t head = manager_->status().journal_head;
    ASSERT_TRUE(runner_->forget("test", {"operator:anna"}).has_value());
    EXPECT_THAT(entries(), ElementsAre("9.9.9.9"));
    EXPECT_FALSE(manager_->feed("test").has_value());
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/feeds/test"));
    EXPECT_EQ(manager_->status().journal_head, head + 1);
    EXPECT_EQ(runner_->forget("test", {"operator:anna"}).error().code, Errc::NotFound);
    EXPECT_EQ(runner_->forget("../x", {"operator:anna"}).error().code, Errc::Malformed);
}

TEST_F(FeedRunnerTest, RemembersWhereAVersionCameFrom) {
    import("1.1.1.1\n");
    EXPECT_EQ(kept_origin(folder_ / "store/feeds", "test"), (folder_ / "feed.txt").string());
    EXPECT_EQ(kept_origin(folder_ / "store/feeds", "other"), "");
    EXPECT_EQ(origin_of("https://anna:s3cret@bl.example/b"), "https://bl.example/b");
    EXPECT_EQ(origin_of("/a/./b/../c"), "/a/c");
    EXPECT_EQ(origin_of("-"), "standard input");
}

TEST_F(FeedRunnerTest, KeepsThreeVersions) {
    for (const char* content : {"1.1.1.1\n", "1.1.1.2\n", "1.1.1.3\n", "1.1.1.4\n", "1.1.1.5\n"}) {
        import(content);
    }
    EXPECT_THAT(kept_versions(folder_ / "store/feeds", "test"), ElementsAre(3, 4, 5));
}

TEST_F(FeedRunnerTest, RefusesASecondRunAtTheSameTime) {
    const auto first = FeedFolder::open(folder_ / "store/feeds", "test");
    ASSERT_TRUE(first);
    EXPECT_EQ(import_error("1.1.1.1\n").code, Errc::Conflict);
    EXPECT_EQ(state().last_error, "");
}

// A store that cannot be written throws past every Result, as one on a full disk.
TEST_F(FeedRunnerTest, KeepsNoBytesOfAVersionThatTheStoreDidNotTake) {
    import("1.1.1.1\n");
    feed_.guard.grow_percent_max = UINT32_MAX;
    std::string many;
    for (unsigned i = 0; i < 70'000; ++i) {
        many += "11." + std::to_string(i >> 16U) + "." + std::to_string(i >> 8U & 255U) + "." +
                std::to_string(i & 255U) + "\n";
    }
    feed_.url = folder_.write("feed.txt", many);
    EXPECT_THROW(
        {
            static_cast<void>(
                runner_->run(feed_, {.dry_run = false,
                                     .force = false,
                                     .progress =
                                         [](ImportPhase phase, std::uint64_t, std::uint64_t) {
                                             if (phase == ImportPhase::Apply) {
                                                 throw store::StoreError("store: the disk is full");
                                             }
                                         },
                                     .actor = {}}));
        },
        store::StoreError);
    EXPECT_THAT(kept_versions(folder_ / "store/feeds", "test"), ElementsAre(1));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/feeds/test/incoming"));
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1"));
}

TEST_F(FeedRunnerTest, ClearsWhatAKilledRunLeft) {
    folder_.write("store/feeds/test/fetch-abcdef/download", "x");
    folder_.write("store/feeds/test/incoming", "x");
    import("1.1.1.1\n");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/feeds/test/fetch-abcdef"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/feeds/test/incoming"));
}

TEST_F(FeedRunnerTest, AsksAServerConditionallyOnlyForTheSameSettings) {
    const HttpServer server("127.0.0.1", [](const std::string& head, const HttpServer::Send& send) {
        if (head.find("If-None-Match: \"v1\"") != std::string::npos) {
            send("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
        } else {
            send(http_response("200 OK", "ETag: \"v1\"\r\n", "1.1.1.1\n"));
        }
    });
    feed_.url = server.url();
    EXPECT_EQ(run().outcome, ImportOutcome::Applied);
    EXPECT_EQ(state().etag, "\"v1\"");
    EXPECT_EQ(run().outcome, ImportOutcome::Unchanged);
    feed_.code = "4";
    EXPECT_EQ(run().outcome, ImportOutcome::Applied);
    EXPECT_THAT(entries(), ElementsAre("1.1.1.1 127.0.0.4"));
    EXPECT_THAT(server.heads().back(), testing::Not(HasSubstr("If-None-Match")));
}

TEST_F(FeedRunnerTest, ReportsProgressOfEachPhase) {
    std::vector<ImportPhase> phases;
    std::uint64_t parsed = 0;
    RunOptions options;
    options.progress = [&](ImportPhase phase, std::uint64_t done, std::uint64_t) {
        phases.push_back(phase);
        parsed = phase == ImportPhase::Parse ? done : parsed;
    };
    import("1.1.1.1\n", options);
    EXPECT_THAT(phases, testing::Contains(ImportPhase::Parse));
    EXPECT_EQ(parsed, 8U);
}

TEST_F(FeedRunnerTest, TakesNamesIntoADomainList) {
    feed_.list = "names";
    import("0.0.0.0 ads.example\n0.0.0.0 b.example\n");
    EXPECT_THAT(entries("names"), testing::UnorderedElementsAre("ads.example", "b.example"));
}

struct SpecCase {
    std::string name;
    void (*spoil)(FeedSpec& feed);
    std::string message;
};

class FeedRunnerSpec : public FeedRunnerTest, public testing::WithParamInterface<SpecCase> {};

TEST_P(FeedRunnerSpec, IsCheckedBeforeAnythingIsFetched) {
    feed_.url = folder_.write("feed.txt", "1.1.1.1\n");
    GetParam().spoil(feed_);
    const auto report = runner_->run(feed_, {});
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, HasSubstr(GetParam().message));
    EXPECT_THAT(state().last_error, HasSubstr(GetParam().message));
    EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(FeedRunnerTest, TakesNoNameThatLeavesItsFolder) {
    feed_.url = folder_.write("feed.txt", "1.1.1.1\n");
    feed_.name = "../x";
    EXPECT_FALSE(runner_->run(feed_, {}));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/x"));
}

INSTANTIATE_TEST_SUITE_P(
    Importer, FeedRunnerSpec,
    testing::Values(
        SpecCase{"list", [](FeedSpec& feed) { feed.list = "none"; }, "list \"none\""},
        SpecCase{"format", [](FeedSpec& feed) { feed.format = "cdir"; }, "format \"cdir\""},
        SpecCase{"code", [](FeedSpec& feed) { feed.code = "1"; }, "127.0.0.1"},
        SpecCase{"select", [](FeedSpec& feed) { feed.select = {"EC2"}; }, "select \"EC2\""},
        SpecCase{"kind",
                 [](FeedSpec& feed) {
                     feed.list = "names";
                     feed.format = "cidr";
                 },
                 "list of kind"},
        SpecCase{"url", [](FeedSpec& feed) { feed.url = "ftp://x.example/"; }, "url"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::importer
