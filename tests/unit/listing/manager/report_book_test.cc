#include "listing/manager/report_book.h"

#include "listing/store/report_records.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

using Ids = std::vector<std::uint64_t>;

Ids ids(const std::vector<ProviderReport>& reports) {
    Ids found;
    std::ranges::transform(reports, std::back_inserter(found), &ProviderReport::id);
    return found;
}

Ids ids(const std::optional<ReportBatch>& batch) {
    return batch ? ids(batch->reports) : Ids{};
}

class ReportBookTest : public ::testing::Test {
  protected:
    // As a listing is told; with 0 as a notice is.
    void queue(const std::string& provider, std::uint32_t wait = 900) {
        store_.environment().write([&](store::WriteTxn& txn) {
            queue_report(txn, provider, "css", ++listings_, *parse_prefix("198.51.100.7"),
                         ReportCause::Listed, now_, Time{now_.seconds + wait});
        });
    }
    void pass(std::uint32_t seconds) { now_.seconds += seconds; }
    ReportBook book(ReportRules rules = {}) {
        return {store_.environment(), std::move(rules), [this] {
                    return now_;
                }};
    }

    test::ScratchStore store_;
    Time now_{1'795'680'000};
    std::uint64_t listings_ = 0;
};

TEST_F(ReportBookTest, WhatComesWithinTheBatchTimeGoesTogetherAndEachProviderAlone) {
    ReportBook reports = book();
    queue("cloud");
    queue("house");
    EXPECT_EQ(ids(reports.next_batch()), Ids{});
    pass(600);
    queue("cloud");
    pass(299);
    EXPECT_EQ(ids(reports.next_batch()), Ids{});
    pass(1);
    const auto cloud = reports.next_batch();
    EXPECT_EQ(ids(cloud), (Ids{1, 3}));
    EXPECT_EQ(cloud->provider, "cloud");
    reports.note_sent(*cloud, "mail");
    const auto house = reports.next_batch();
    EXPECT_EQ(ids(house), Ids{2});
    EXPECT_EQ(house->provider, "house");
    reports.note_sent(*house, "webhook");
    EXPECT_EQ(ids(reports.next_batch()), Ids{});
    EXPECT_EQ(reports.find(3)->state, ReportState::Sent);
    EXPECT_EQ(reports.find(3)->sent, now_);
    EXPECT_EQ(reports.find(2)->channel, "webhook");
}

// The program dies between sending and noting it; meanwhile other reports come.
TEST_F(ReportBookTest, ABatchStaysTheSameUntilItIsSettled) {
    queue("cloud");
    pass(900);
    const auto before = book().next_batch();
    queue("cloud", 0);
    ReportBook reports = book();
    const auto after = reports.next_batch();
    EXPECT_EQ(ids(after), ids(before));
    EXPECT_EQ(after->number, before->number);
    reports.note_failed(*after, "mail", "connection refused");
    const auto other = reports.next_batch();
    EXPECT_EQ(ids(other), Ids{2});
    EXPECT_NE(other->number, before->number);
    reports.note_sent(*other, "mail");
    pass(300);
    const auto again = reports.next_batch();
    EXPECT_EQ(ids(again), ids(before));
    EXPECT_EQ(again->number, before->number);
}

TEST_F(ReportBookTest, AFailedBatchIsTriedAgainLaterAndLaterAndGivenUpAtLast) {
    const ReportRules rules{.retry_seconds = {300, 1800}};
    queue("cloud", 0);
    ReportBook reports = book(rules);
    for (const std::uint32_t wait : rules.retry_seconds) {
        reports.note_failed(reports.next_batch().value(), "mail", "451 try again later");
        EXPECT_EQ(reports.find(1)->error, "451 try again later");
        EXPECT_EQ(reports.find(1)->state, ReportState::Due);
        pass(wait - 1);
        EXPECT_EQ(ids(reports.next_batch()), Ids{});
        pass(1);
    }
    reports.note_failed(reports.next_batch().value(), "mail", "451 try again later");
    EXPECT_EQ(reports.find(1)->state, ReportState::Failed);
    EXPECT_EQ(reports.find(1)->tries, 3U);
    pass(30 * 86400);
    EXPECT_EQ(ids(reports.next_batch()), Ids{});
}

TEST_F(ReportBookTest, NoMoreMessagesADayThanTheRateAndNoMoreReportsThanFit) {
    ReportBook reports = book({.batch_max = 2, .messages_per_day = 2});
    for (int i = 0; i < 5; ++i) {
        queue("cloud", 0);
    }
    queue("house", 0);
    for (const Ids& expected : {Ids{1, 2}, Ids{3, 4}, Ids{6}}) {
        const auto batch = reports.next_batch();
        EXPECT_EQ(ids(batch), expected);
        reports.note_sent(batch.value(), "mail");
    }
    EXPECT_EQ(ids(reports.next_batch()), Ids{});
    pass(86399);
    EXPECT_EQ(ids(reports.next_batch()), Ids{});
    pass(1);
    EXPECT_EQ(ids(reports.next_batch()), Ids{5});
}

TEST_F(ReportBookTest, WithoutAWayItIsKeptAsToldToNobody) {
    queue("cloud", 0);
    ReportBook reports = book();
    reports.note_nowhere(reports.next_batch().value(), "no abuse contact");
    EXPECT_EQ(reports.find(1)->state, ReportState::Nowhere);
    EXPECT_EQ(reports.find(1)->error, "no abuse contact");
    EXPECT_FALSE(reports.find(1)->sent.is_set());
}

TEST_F(ReportBookTest, AFixedAnswerIsAnAttest) {
    queue("cloud", 0);
    ReportBook reports = book();
    const Actor anna{"provider:cloud"};
    ASSERT_TRUE(reports.answer(anna, "cloud", 1, AnswerKind::WorkingOnIt, "asking the customer"));
    pass(3600);
    ASSERT_TRUE(reports.answer(anna, "cloud", 1, AnswerKind::Fixed, "port 25 closed"));
    const auto report = reports.find(1);
    ASSERT_EQ(report->answers.size(), 2U);
    EXPECT_EQ(report->answers[0], (ReportAnswer{Time{now_.seconds - 3600}, AnswerKind::WorkingOnIt,
                                                "provider:cloud", "asking the customer"}));
    const store::ReadTxn txn(store_.environment());
    const auto found = attests(txn, "cloud", now_);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].listing, 1U);
    EXPECT_EQ(found[0].time, now_);
    EXPECT_EQ(found[0].text, "port 25 closed");
    EXPECT_TRUE(attests(txn, "cloud", Time{now_.seconds + 1}).empty());
    EXPECT_TRUE(attests(txn, "clouds", Time{}).empty());
}

TEST_F(ReportBookTest, AnAnswerThatIsRefusedChangesNothing) {
    queue("cloud", 0);
    ReportBook reports = book();
    struct Case {
        const char* name;
        const char* provider;
        std::uint64_t id;
        std::string text;
        Errc code;
    };
    for (const Case& each : {Case{"of another provider", "house", 1, "x", Errc::NotFound},
                             Case{"of no report", "cloud", 2, "x", Errc::NotFound},
                             Case{"too long", "cloud", 1, std::string(kAnswerTextBytesMax + 1, 'x'),
                                  Errc::OutOfRange}}) {
        SCOPED_TRACE(each.name);
        const auto done =
            reports.answer({"provider:x"}, each.provider, each.id, AnswerKind::Fixed, each.text);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, each.code);
    }
    for (std::size_t i = 0; i < kReportAnswersMax; ++i) {
        ASSERT_TRUE(reports.answer({"operator:anna"}, "", 1, AnswerKind::NotOurs, ""));
    }
    EXPECT_EQ(reports.answer({"operator:anna"}, "", 1, AnswerKind::Fixed, "").error().code,
              Errc::OutOfRange);
    EXPECT_EQ(reports.find(1)->answers.size(), kReportAnswersMax);
    EXPECT_TRUE(attests(store::ReadTxn(store_.environment()), "cloud", Time{}).empty());
}

TEST_F(ReportBookTest, PagesAreNewestFirstAndTellOnlyWhatTheFilterLets) {
    for (const char* provider : {"cloud", "house", "cloud", "cloud"}) {
        queue(provider);
    }
    ReportBook reports = book();
    ASSERT_TRUE(reports.answer({"operator:anna"}, "", 3, AnswerKind::NotOurs, ""));
    ReportFilter filter;
    filter.provider = "cloud";
    const auto first = reports.page(filter, "", 2);
    EXPECT_EQ(ids(first->reports), (Ids{4, 3}));
    const auto second = reports.page(filter, first->next, 2);
    EXPECT_EQ(ids(second->reports), Ids{1});
    EXPECT_EQ(second->next, "");
    filter.unanswered = true;
    EXPECT_EQ(ids(reports.page(filter, "", 10)->reports), (Ids{4, 1}));
    filter.state = ReportState::Sent;
    EXPECT_EQ(ids(reports.page(filter, "", 10)->reports), Ids{});
    EXPECT_EQ(reports.page({}, "4x", 2).error().code, Errc::Malformed);
    EXPECT_EQ(ids(reports.of_listing(3)), Ids{3});
}

// Cut at every length, and with a byte more: nothing is read that was not written.
TEST(ReportRecordsTest, OnlyWholeRecordsAreRead) {
    ProviderReport report;
    report.id = 7;
    report.provider = "cloud";
    report.listing = 12;
    report.list = "css";
    report.subject = *parse_prefix("198.51.100.0/28");
    report.cause = ReportCause::Relisted;
    report.state = ReportState::Sent;
    report.made = Time{1};
    report.due = Time{2};
    report.sent = Time{3};
    report.tries = 4;
    report.batch = 5;
    report.channel = "mail";
    report.error = "451";
    report.answers = {{Time{6}, AnswerKind::NotOurs, "provider:cloud", "sold"}};
    const std::string bytes = store::encode_report(report);
    EXPECT_EQ(store::decode_report(7, bytes), report);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(store::decode_report(7, std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(store::decode_report(7, bytes + '\0'));
}

}  // namespace
}  // namespace fairlist
