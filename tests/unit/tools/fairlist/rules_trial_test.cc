#include "tools/fairlist/rules_trial.h"

#include "tests/unit/tools/fairlist/ledger_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

using testing::HasSubstr;

// The ledger listed one address by a rule that needs three hits of two traps.
class RulesTrial : public LedgerScene {
  protected:
    RulesTrial() {
        since_ = now_;
        record(mail(1, 1, "11.1.1.1"));
        record(mail(2, 2, "11.1.1.1"));
        now_.seconds += 60;
        record(mail(3, 1, "11.1.1.1"));
        record(mail(4, 1, "11.1.1.2"));
        now_.seconds += 60;
        record(mail(5, 1, "11.1.1.2"));
    }
    Trial run(const std::vector<TrapRule>& rules) {
        auto trial = try_rules(*ledger_, {config_.lists, rules, space_, since_, now_});
        EXPECT_TRUE(trial.has_value()) << (trial ? "" : trial.error().message);
        return trial.value_or(Trial{});
    }

    AddressSpace space_;
    Time since_;
};

TEST_F(RulesTrial, TheRulesInForceListWhatTheLedgerDid) {
    const Trial trial = run(config_.rules);
    ASSERT_EQ(trial.rows.size(), 1U);
    const TrialRow& row = trial.rows[0];
    const Listing listing = ledger_->find(1).value();
    EXPECT_EQ(row.comparison, Comparison::Same);
    EXPECT_EQ(row.listing, 1U);
    EXPECT_EQ(to_string(row.subject), "11.1.1.1");
    EXPECT_EQ(row.opened, listing.opened);
    EXPECT_EQ(row.until, listing.until);
    EXPECT_EQ(row.hits, 3U);
    EXPECT_EQ(row.traps, 2U);
    EXPECT_EQ(row.steps, ledger_->history(1).front().steps);
    EXPECT_EQ(trial.totals.hits, 5U);
}

TEST_F(RulesTrial, MilderRulesListMore) {
    const Trial trial = run({rule_of("css", "css", 2, 1)});
    ASSERT_EQ(trial.rows.size(), 2U);
    EXPECT_EQ(trial.rows[0].comparison, Comparison::Same);
    EXPECT_EQ(trial.rows[1].comparison, Comparison::New);
    EXPECT_EQ(to_string(trial.rows[1].subject), "11.1.1.2");
    EXPECT_EQ(trial.rows[1].traps, 1U);
    EXPECT_EQ(trial.rows[1].listing, 0U);
}

TEST_F(RulesTrial, StricterRulesListLess) {
    const Trial trial = run({rule_of("css", "css", 10, 1)});
    ASSERT_EQ(trial.rows.size(), 1U);
    EXPECT_EQ(trial.rows[0].comparison, Comparison::NotListed);
    EXPECT_EQ(trial.rows[0].listing, 1U);
    EXPECT_EQ(
        trial_text(trial),
        "COMPARED    LIST  SUBJECT   OPENED                UNTIL                 HITS  TRAPS  "
        "RULE  LISTING\n"
        "not-listed  css   11.1.1.1  2026-11-21T08:31:15Z  2026-11-22T08:31:15Z     3      -  "
        "css         1\n"
        "5 hits since 2026-11-21T08:30:15Z: 0 new, 0 same, 1 not listed by these rules; 0 "
        "decisions refused\n");
    EXPECT_EQ(trial_json(trial),
              R"({"since":"2026-11-21T08:30:15Z","hits":5,"counted":5,"refused":0,)"
              R"("hits_left_out":0,"listings_left_out":0,"listings":[{"comparison":"not-listed",)"
              R"("list":"css","subject":"11.1.1.1","rule":"css","opened":"2026-11-21T08:31:15Z",)"
              R"("until":"2026-11-22T08:31:15Z","hits":3,"traps":null,"steps":[],"listing":1}]})"
              "\n");
}

TEST_F(RulesTrial, WhatAPersonListedIsNotHeldAgainstTheRules) {
    open("css", subject(ListKind::Address, "11.9.9.9"));
    EXPECT_EQ(run(config_.rules).rows.size(), 1U);
}

TEST_F(RulesTrial, AListingThatEndedBeforeIsAnotherOne) {
    ASSERT_TRUE(ledger_->remove({.name = "operator:anna"}, 1).has_value());
    now_.seconds += 10 * 86400;
    since_ = now_;
    for (std::uint8_t key = 11; key != 14; ++key) {
        Hit hit = mail(key, key, "11.1.1.1");
        record(hit);
    }
    ASSERT_EQ(ledger_->latest("css", subject(ListKind::Address, "11.1.1.1"))->id, 2U);
    const Trial trial = run(config_.rules);
    ASSERT_EQ(trial.rows.size(), 1U);
    EXPECT_EQ(trial.rows[0].listing, 2U);
    EXPECT_EQ(trial.totals.hits, 3U);
}

TEST_F(RulesTrial, ExemptionsAreKept) {
    ASSERT_TRUE(ledger_->exempt({.name = "operator:anna"}, 1, {}, "reviewed").has_value());
    const Trial trial = run(config_.rules);
    ASSERT_EQ(trial.rows.size(), 1U);
    EXPECT_EQ(trial.rows[0].comparison, Comparison::NotListed);
    EXPECT_EQ(trial.totals.refused, 1U);
}

TEST_F(RulesTrial, ARuleOfAnUnknownListIsNamed) {
    const auto trial =
        try_rules(*ledger_, {config_.lists, {rule_of("css", "nope", 1, 1)}, space_, since_, now_});
    ASSERT_FALSE(trial.has_value());
    EXPECT_THAT(trial.error().message, HasSubstr("rule \"css\": list \"nope\""));
}

TEST(RulesTrialText, SaysWhatALimitLeftOut) {
    Trial trial;
    trial.since = Time{1'700'000'000};
    trial.totals.hits_left_out = 5;
    trial.totals.listings_left_out = 1;
    EXPECT_THAT(trial_text(trial), HasSubstr("5 hits and 1 listing are left out"));
}

}  // namespace
}  // namespace fairlist::cli
