// A source that is imported again and again holds what an import from scratch gives.
#include "importer/collector.h"
#include "importer/feed_runner.h"
#include "listing/manager/import_set.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

constexpr std::uint32_t kNow = 1'795'292'885;  // 2026-11-21T20:28:05Z

// A store of one address list.
class Place {
  public:
    explicit Place(const Time& now) {
        store::EnvironmentOptions options;
        options.path = folder_ / "store";
        options.map_bytes = 256U << 20U;
        options.create = true;
        environment_ = store::open_environment(options).value();
        Manager::Options lists;
        lists.lists.resize(1);
        lists.lists[0].name = "drop";
        lists.clock = [&now] {
            return now;
        };
        manager_ = std::make_unique<Manager>(*environment_, lists);
        RunnerOptions runner;
        runner.feeds = folder_ / "store/feeds";
        runner.clock = lists.clock;
        runner_ = std::make_unique<FeedRunner>(*manager_, runner);
    }

    ImportReport import(const std::string& source, const std::string& text,
                        std::uint32_t lifetime) {
        FeedSpec feed;
        feed.name = source;
        feed.list = "drop";
        feed.format = "rbldnsd:combined";
        feed.url = folder_.write("feed.txt", text);
        feed.lifetime_seconds = lifetime;
        feed.guard = {100, UINT32_MAX, true};
        auto report = runner_->run(feed, {});
        EXPECT_TRUE(report) << report.error().message;
        return report ? std::move(*report) : ImportReport{};
    }

    // All entries without the time since when they are.
    std::vector<std::string> entries(const std::string& source) {
        EntryFilter filter;
        filter.list = "drop";
        filter.source = source;
        std::vector<std::string> texts;
        std::string after;
        do {
            const EntryPage page = manager_->entries(filter, after, 1000).value();
            for (const EntryView& view : page.entries) {
                const Verdict& verdict = view.entry.verdict;
                texts.push_back(fmt::format("{} {} {} {} {} \"{}\"", verdict.exempt,
                                            to_string(view.entry.subject), verdict.code.value,
                                            verdict.ttl_seconds, view.entry.until.seconds,
                                            verdict.reason));
            }
            after = page.next;
        } while (!after.empty());
        std::ranges::sort(texts);
        return texts;
    }

  private:
    TestFolder folder_;
    std::unique_ptr<store::Environment> environment_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<FeedRunner> runner_;
};

class ImportTwin : public testing::TestWithParam<unsigned> {
  protected:
    std::size_t dice(std::size_t below) { return random_() % below; }

    std::string v4_line() {
        // Some /16s are so crowded that their nodes split; some have one entry.
        const std::size_t high = dice(3) == 0 ? 20 + dice(60) : 11;
        const std::size_t host = dice(4) == 0 ? dice(256) : dice(32);
        switch (dice(12)) {
            case 0:
                return fmt::format("{}.{}.{}.0/24", high, dice(2), dice(256));
            case 1:
                return fmt::format("{}.{}.0.0/{}", high, dice(2), 16 + dice(2));
            case 2:
                return fmt::format("{}.0.{}.{} :{}:text {}", high, dice(4), host, 3 + dice(3),
                                   dice(40));
            case 3:
                return fmt::format("!{}.0.{}.{}", high, dice(4), host);
            default:
                return fmt::format("{}.0.{}.{}", high, dice(256), host);
        }
    }
    std::string line(bool is_v4) {
        return is_v4 ? v4_line()
                     : fmt::format("2a0{}:{:x}::{:x}/{}", dice(3), dice(50), 0, 32 + 16 * dice(2));
    }

    // Sections of lines, each with the first of its own.
    std::vector<std::string> lines() {
        std::vector<std::string> lines;
        for (const bool is_v4 : {true, false, true}) {
            lines.emplace_back(is_v4 ? "$DATASET ip4set:a @" : "$DATASET ip6trie:b @");
            lines.push_back(fmt::format(":{}:list $", 2 + dice(2)));
            for (std::size_t left = 200 + dice(4000); left != 0; --left) {
                lines.push_back(line(is_v4));
            }
        }
        return lines;
    }

    void edit(std::vector<std::string>& lines) {
        for (std::size_t left = dice(2) == 0 ? dice(8) : dice(400); left != 0; --left) {
            // Not the heads: a line of one family is an error in a section of the other.
            const std::size_t at = 2 + dice(150);
            switch (dice(3)) {
                case 0:
                    lines[at] = v4_line();
                    break;
                case 1:
                    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), v4_line());
                    break;
                default:
                    if (lines.size() > 400) {
                        lines.pop_back();
                    }
                    break;
            }
            std::swap(lines[at], lines[2 + dice(150)]);
        }
    }

    static std::string joined(const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines) {
            text += line + "\n";
        }
        return text;
    }

    std::mt19937_64 random_{GetParam()};
    Time now_{kNow};
};

TEST_P(ImportTwin, EqualsAnImportFromScratch) {
    Place place(now_);
    std::vector<std::string> source = lines();
    // Others share the nodes.
    place.import("other", joined(lines()), 0);
    const std::vector<std::string> others = place.entries("other");
    std::uint64_t before = 0;
    for (unsigned round = 0; round < 10; ++round) {
        const std::uint32_t lifetime = dice(4) == 0 ? 86400 : 0;
        const ImportReport report = place.import("mine", joined(source), lifetime);
        Place fresh(now_);
        const ImportReport scratch = fresh.import("mine", joined(source), lifetime);
        const std::vector<std::string> expected = fresh.entries("mine");
        ASSERT_EQ(place.entries("mine"), expected);
        ASSERT_EQ(report.records, scratch.records);
        ASSERT_EQ(scratch.plan.added, expected.size());
        ASSERT_EQ(report.plan.total_before, before);
        ASSERT_EQ(report.plan.total_after, expected.size());
        ASSERT_EQ(report.plan.added + report.plan.changed + report.plan.unchanged, expected.size());
        before = expected.size();
        now_.seconds += static_cast<std::uint32_t>(dice(3));
        edit(source);
    }
    ASSERT_EQ(place.entries("other"), others);
}

INSTANTIATE_TEST_SUITE_P(Seeded, ImportTwin, testing::Values(41U, 42U));

// accept_all() is accept() for each.
TEST(CollectorTwin, TakesManyAsItTakesEach) {
    std::mt19937_64 random(51);
    const auto dice = [&](std::size_t below) {
        return random() % below;
    };
    const ProtectedSpace space({parse_prefix("8.8.8.0/24").value()}, {});
    for (unsigned round = 0; round < 50; ++round) {
        FeedSpec feed;
        feed.lifetime_seconds = dice(2) == 0 ? 0 : 100;
        feed.reason = dice(2) == 0 ? "" : "the feed's";
        feed.ttl_seconds = dice(2) == 0 ? 0 : 60;
        CollectorRules rules;
        rules.kind = dice(8) == 0 ? ListKind::Domain : ListKind::Address;
        rules.code = ReturnCode{dice(2) == 0 ? 0U : 0x7F000005U};
        rules.now = Time{kNow};
        rules.protected_space = &space;
        ImportReport many_report;
        ImportReport each_report;
        Collector many(feed, rules, many_report);
        Collector each(feed, rules, each_report);
        for (unsigned batch = 0; batch < 20; ++batch) {
            Record record;
            const std::string reason = fmt::format("reason {}", dice(3));
            record.exempt = dice(5) == 0;
            record.code = ReturnCode{dice(2) == 0 ? 0U : 0x7F000002U};
            record.reason = dice(2) == 0 ? std::string_view() : reason;
            record.ttl_seconds = static_cast<std::uint32_t>(dice(2));
            record.until = Time{dice(2) == 0 ? 0 : kNow - 1 + static_cast<std::uint32_t>(dice(3))};
            record.data_end = Time{dice(2) == 0 ? 0 : kNow + static_cast<std::uint32_t>(dice(3))};
            std::vector<Prefix> subjects;
            for (std::size_t left = dice(20); left != 0; --left) {
                static constexpr std::array kNets = {"8.8.8.8", "127.0.0.1", "2.0.0.0/7",
                                                     "192.168.1.0/24", "2a00:1::/32"};
                subjects.push_back(dice(2) == 0 ? parse_prefix(kNets[dice(kNets.size())]).value()
                                                : Prefix::single(Address::from_v4(
                                                      static_cast<std::uint32_t>(random()))));
            }
            many.accept_all(record, subjects);
            for (const Prefix& subject : subjects) {
                record.subject = subject;
                each.accept(record);
            }
        }
        EXPECT_EQ(many_report.records, each_report.records);
        EXPECT_EQ(many_report.refused, each_report.refused);
        EXPECT_EQ(many_report.expired, each_report.expired);
        ASSERT_EQ(many_report.refusals.size(), each_report.refusals.size());
        for (std::size_t i = 0; i < many_report.refusals.size(); ++i) {
            EXPECT_EQ(many_report.refusals[i].subject, each_report.refusals[i].subject);
            EXPECT_EQ(many_report.refusals[i].why, each_report.refusals[i].why);
        }
        const auto& a = many.entries().impl();
        const auto& b = each.entries().impl();
        EXPECT_EQ(a.v4, b.v4);
        EXPECT_EQ(a.v6, b.v6);
        EXPECT_EQ(a.numbers, b.numbers);
    }
}

}  // namespace
}  // namespace fairlist::importer
