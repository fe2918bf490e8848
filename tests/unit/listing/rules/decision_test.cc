// The trap rules of listing.md, a named row for each.
#include "listing/rules/decision.h"

#include "tests/unit/listing/rules/hits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::rules {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const Subject kIdentity = prefix("198.51.100.7");
const Subject kBorder = prefix("198.51.100.0/24");

TEST(OutcomeWords, AreStable) {
    std::vector<std::string_view> words;
    for (int i = 0; i <= 6; ++i) {
        words.push_back(to_string(static_cast<Outcome>(i)));
    }
    EXPECT_THAT(words, ElementsAre("wait", "notice", "open", "extend", "suspended", "refuse", "?"));
}

// ---- At least N hits from at least M different traps in a window W, by weight of trap -----------

struct ThresholdCase {
    std::string name;
    std::vector<CountedHit> hits;
    Outcome outcome;
    std::string step;
};

class Threshold : public testing::TestWithParam<ThresholdCase> {};

TEST_P(Threshold, OfThreeHitsOfTwoTrapsInADay) {
    const Situation situation{.hits = GetParam().hits};
    const Decision made = decide(rule_of_3(), kIdentity, kIdentity, situation, kNow);
    EXPECT_EQ(to_string(made.outcome), to_string(GetParam().outcome));
    EXPECT_EQ(made.steps.front(), "rule css: " + GetParam().step);
}

const std::vector<ThresholdCase> kThresholdCases = {
    {"nothing", {}, Outcome::Wait, "0 hits of 0 traps in 1d, needed 3 of 2"},
    {"one", {hit(0, 1)}, Outcome::Wait, "1 hit of 1 trap in 1d, needed 3 of 2"},
    {"too_few", {hit(9, 1), hit(0, 2)}, Outcome::Wait, "2 hits of 2 traps in 1d, needed 3 of 2"},
    {"just_enough", three_hits(), Outcome::Open, "3 hits of 2 traps in 1d, needed 3 of 2"},
    {"of_one_trap",
     {hit(9, 1), hit(8, 1), hit(7, 1), hit(0, 1)},
     Outcome::Wait,
     "4 hits of 1 trap in 1d, needed 3 of 2"},
    {"first_second_of_the_window",
     {hit(kDay - 1, 1), hit(9, 2), hit(0, 1)},
     Outcome::Open,
     "3 hits of 2 traps in 1d, needed 3 of 2"},
    {"just_out_of_the_window",
     {hit(kDay, 1), hit(9, 2), hit(0, 1)},
     Outcome::Wait,
     "2 hits of 2 traps in 1d, needed 3 of 2"},
    {"heavy_traps",
     {hit(9, 1, 200), hit(0, 2)},
     Outcome::Open,
     "2 hits that weigh 3.00 of 2 traps in 1d, needed 3 of 2"},
    {"light_traps",
     {hit(9, 1, 50), hit(8, 2, 50), hit(7, 3, 99), hit(0, 4)},
     Outcome::Wait,
     "4 hits that weigh 2.99 of 4 traps in 1d, needed 3 of 2"},
    {"light_traps_enough",
     {hit(9, 1, 50), hit(8, 2, 50), hit(7, 3), hit(0, 4)},
     Outcome::Open,
     "4 hits that weigh 3.00 of 4 traps in 1d, needed 3 of 2"},
    {"weightless",
     {hit(9, 1, 0), hit(0, 2, 0)},
     Outcome::Wait,
     "2 hits that weigh 0.00 of 2 traps in 1d, needed 3 of 2"},
    {"of_two_sensors_without_traps",
     {hit(9, 0, 100, "report:arf"), hit(8, 0, 100, "hits:web1"), hit(0, 0, 100, "hits:web1")},
     Outcome::Open,
     "3 hits of 2 traps in 1d, needed 3 of 2"},
    {"of_one_sensor_without_traps",
     {hit(9, 0, 100, "hits:web1"), hit(8, 0, 100, "hits:web1"), hit(0, 0, 100, "hits:web1")},
     Outcome::Wait,
     "3 hits of 1 trap in 1d, needed 3 of 2"},
    {"of_one_trap_by_two_sensors",
     {hit(9, 5, 100, "lmtp"), hit(8, 5, 100, "pipe"), hit(0, 5, 100, "mbox")},
     Outcome::Wait,
     "3 hits of 1 trap in 1d, needed 3 of 2"},
    {"of_a_trap_and_a_sensor",
     {hit(9, 5), hit(8, 5), hit(0, 0)},
     Outcome::Open,
     "3 hits of 2 traps in 1d, needed 3 of 2"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Threshold, testing::ValuesIn(kThresholdCases),
                         [](const auto& param) { return param.param.name; });

// ---- The life of a listing --------------------------------------------------------------------

struct LifeCase {
    std::string name;
    std::optional<Past> before;
    Outcome outcome;
    std::uint32_t times;
    Time until;
    std::string step;  // a part of one
};

class Life : public testing::TestWithParam<LifeCase> {};

TEST_P(Life, GoesOn) {
    const auto hits = three_hits();
    const Situation situation{.hits = hits, .past = GetParam().before};
    const Decision made = decide(rule_of_3(), kIdentity, kIdentity, situation, kNow);
    EXPECT_EQ(to_string(made.outcome), to_string(GetParam().outcome));
    EXPECT_EQ(made.subject, kIdentity);
    EXPECT_EQ(made.times, GetParam().times);
    EXPECT_EQ(to_string(made.until), to_string(GetParam().until));
    EXPECT_THAT(made.steps, Contains(HasSubstr(GetParam().step)));
}

constexpr auto kExpired = ListingState::Expired;
constexpr auto kOpen = ListingState::Open;

const std::vector<LifeCase> kLifeCases = {
    {"first", std::nullopt, Outcome::Open, 1, in(kDay), "not listed before; lifetime 1d"},
    {"second", past(kExpired, 1, ago(kDay)), Outcome::Open, 2, in(3 * kDay),
     "listed 1 time before, the last ended 2026-11-24T09:46:40Z; lifetime 3d"},
    {"third", past(kExpired, 2, ago(kDay)), Outcome::Open, 3, in(7 * kDay),
     "listed 2 times before"},
    {"fourth", past(kExpired, 3, ago(kDay)), Outcome::Open, 4, in(30 * kDay), "lifetime 30d"},
    {"fifth_as_the_last", past(kExpired, 4, ago(kDay)), Outcome::Open, 5, in(30 * kDay), ""},
    {"after_a_removal", past(ListingState::Removed, 1, ago(kDay)), Outcome::Open, 2, in(3 * kDay),
     ""},
    {"after_an_exemption", past(ListingState::Exempted, 1, ago(kDay)), Outcome::Open, 2,
     in(3 * kDay), ""},
    {"last_second_before_the_reset", past(kExpired, 3, ago(180 * kDay - 1)), Outcome::Open, 4,
     in(30 * kDay), ""},
    {"after_a_quiet_half_year", past(kExpired, 3, ago(180 * kDay)), Outcome::Open, 1, in(kDay),
     "180d ago: forgotten after 180d"},
    {"open_is_extended", past(kOpen, 2, in(kHour)), Outcome::Extend, 2, in(3 * kDay),
     "stays listed until 2026-11-28T09:46:40Z"},
    {"open_for_longer_stays", past(kOpen, 1, in(9 * kDay)), Outcome::Extend, 1, in(9 * kDay), ""},
    {"open_without_end_stays_so", past(kOpen, 1, Time{}), Outcome::Extend, 1, Time{},
     "until it is removed"},
    {"open_but_ended_by_the_clock", past(kOpen, 1, kNow), Outcome::Open, 2, in(3 * kDay), ""},
    {"suspended", past(ListingState::Suspended, 1, in(kDay)), Outcome::Suspended, 1, Time{},
     "suspended: nothing changes"},
    {"suspended_past_its_end", past(ListingState::Suspended, 1, ago(kDay)), Outcome::Suspended, 1,
     Time{}, ""},
    {"notice_of_another_rule", past(ListingState::Noticed, 2, in(kDay), in(kHour)), Outcome::Open,
     2, in(3 * kDay), "listed 1 times before"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Life, testing::ValuesIn(kLifeCases),
                         [](const auto& param) { return param.param.name; });

TEST(Life, EndsWithTheTimeThatCanBeTold) {
    TrapRule rule = rule_of_3();
    const Time late{UINT32_MAX - 10};
    const std::vector<CountedHit> hits(3, CountedHit{1, late, 1, 100, ""});
    rule.traps = 1;
    EXPECT_EQ(decide(rule, kIdentity, kIdentity, {.hits = hits}, late).until.seconds, UINT32_MAX);
}

TEST(Life, AnExtensionIsWrittenWhenItIsWorthIt) {
    EXPECT_TRUE(is_worth_extending(in(9900), in(10001), kNow));  // more than 100 of 10001
    EXPECT_FALSE(is_worth_extending(in(9901), in(10001), kNow));
    EXPECT_FALSE(is_worth_extending(in(9), in(9), kNow));
    EXPECT_TRUE(is_worth_extending(in(9), in(10), kNow));
    EXPECT_FALSE(is_worth_extending(Time{}, in(10), kNow));  // without end already
    EXPECT_FALSE(is_worth_extending(in(10), Time{}, kNow));
}

// ---- Notice ------------------------------------------------------------------------------------

struct NoticeCase {
    std::string name;
    std::vector<CountedHit> hits;
    std::optional<Past> before;
    Outcome outcome;
    Time notice_until;
    Time until;
    std::string step;
};

class Notice : public testing::TestWithParam<NoticeCase> {};

TEST_P(Notice, OfHalfAnHour) {
    TrapRule rule = rule_of_3();
    rule.notice_seconds = 30 * kMinute;
    const Situation situation{.hits = GetParam().hits, .past = GetParam().before};
    const Decision made = decide(rule, kIdentity, kIdentity, situation, kNow);
    EXPECT_EQ(to_string(made.outcome), to_string(GetParam().outcome));
    EXPECT_EQ(to_string(made.notice_until), to_string(GetParam().notice_until));
    EXPECT_EQ(to_string(made.until), to_string(GetParam().until));
    EXPECT_THAT(made.steps, Contains(HasSubstr(GetParam().step)));
}

Past noticed(Time notice_until) {
    return past(ListingState::Noticed, 1, later(notice_until, kDay), notice_until);
}

const std::vector<NoticeCase> kNoticeCases = {
    {"not_reached", {hit(0, 1)}, std::nullopt, Outcome::Wait, {}, {}, "1 hit of 1 trap"},
    {"reached", three_hits(), std::nullopt, Outcome::Notice, in(30 * kMinute),
     in(kDay + 30 * kMinute),
     "notice of 30m: listed when hits go on after 2026-11-25T10:16:40Z, lapses at "
     "2026-11-26T10:16:40Z"},
    {"reached_again_before_its_end",
     three_hits(),
     noticed(in(1)),
     Outcome::Wait,
     {},
     {},
     "nothing before 2026-11-25T09:46:41Z"},
    {"hit_in_the_second_of_its_end",
     three_hits(),
     noticed(kNow),
     Outcome::Open,
     {},
     in(kDay),
     "notice ended 2026-11-25T09:46:40Z: 1 since, needed 1"},
    {"hits_after_its_end",
     three_hits(),
     noticed(ago(2 * kHour)),
     Outcome::Open,
     {},
     in(kDay),
     "2 since, needed 1"},
    {"no_hit_since_its_end",
     {hit(kHour, 1), hit(kHour, 2), hit(kHour, 1)},
     noticed(ago(kHour - 1)),
     Outcome::Wait,
     {},
     {},
     "no hit since, needed 1"},
    {"lapsed", three_hits(), past(ListingState::Noticed, 1, kNow, ago(kDay)), Outcome::Notice,
     in(30 * kMinute), in(kDay + 30 * kMinute), "notice of 30m"},
    {"before_each_listing", three_hits(), past(kExpired, 1, ago(kDay)), Outcome::Notice,
     in(30 * kMinute), in(kDay + 30 * kMinute), "notice of 30m"},
    {"not_before_an_extension",
     three_hits(),
     past(kOpen, 1, in(kHour)),
     Outcome::Extend,
     {},
     in(kDay),
     "stays listed"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Notice, testing::ValuesIn(kNoticeCases),
                         [](const auto& param) { return param.param.name; });

TEST(Notice, CountsTheListingsBeforeIt) {
    TrapRule rule = rule_of_3();
    rule.notice_seconds = 30 * kMinute;
    const auto hits = three_hits();
    const Decision notice =
        decide(rule, kIdentity, kIdentity, {.hits = hits, .past = past(kExpired, 2, ago(kDay))},
               ago(2 * kHour));
    EXPECT_EQ(notice.outcome, Outcome::Wait);
    const Decision given = decide(rule, kIdentity, kIdentity,
                                  {.hits = hits, .past = past(kExpired, 2, ago(kDay))}, kNow);
    ASSERT_EQ(given.outcome, Outcome::Notice);
    EXPECT_EQ(given.times, 3U);
    const Past told{ListingState::Noticed, given.until, given.notice_until, {}, given.times};
    const std::vector<CountedHit> more = {
        {1, kNow, 1, 100, ""}, {2, kNow, 2, 100, ""}, {3, given.notice_until, 1, 100, ""}};
    const Decision opened =
        decide(rule, kIdentity, kIdentity, {.hits = more, .past = told}, given.notice_until);
    EXPECT_EQ(opened.outcome, Outcome::Open);
    EXPECT_EQ(opened.times, 3U);
    EXPECT_EQ(opened.until, later(given.notice_until, 7 * kDay));
}

// ---- Escalation: K listed addresses in the same assignment widen to the border ----------------

struct EscalationCase {
    std::string name;
    std::uint32_t count;
    std::uint32_t listed;
    std::optional<Past> border_before;
    std::string border_refusal;
    Outcome outcome;
    std::string subject;
    std::uint32_t times;
    Time until;
    std::string step;
};

class Escalation : public testing::TestWithParam<EscalationCase> {};

TEST_P(Escalation, WidensToTheBorder) {
    TrapRule rule = rule_of_3();
    rule.escalate_count = GetParam().count;
    const auto hits = three_hits();
    const Situation situation{.hits = hits,
                              .past = past(kExpired, 1, ago(kDay)),
                              .border_past = GetParam().border_before,
                              .listed_in_border = GetParam().listed,
                              .refusal = "",
                              .border_refusal = GetParam().border_refusal,
                              .border_step = "198.51.100.0/24 is published as assigned"};
    const Decision made = decide(rule, kIdentity, kBorder, situation, kNow);
    EXPECT_EQ(to_string(made.outcome), to_string(GetParam().outcome));
    EXPECT_EQ(to_string(made.subject), GetParam().subject);
    EXPECT_EQ(made.times, GetParam().times);
    EXPECT_EQ(to_string(made.until), to_string(GetParam().until));
    EXPECT_THAT(made.steps, Contains(HasSubstr(GetParam().step)));
}

const std::vector<EscalationCase> kEscalationCases = {
    {"never", 0, 100, std::nullopt, "", Outcome::Open, "198.51.100.7", 2, in(3 * kDay), ""},
    {"too_few", 3, 1, std::nullopt, "", Outcome::Open, "198.51.100.7", 2, in(3 * kDay),
     "2 listed in 198.51.100.0/24 with this one, 3 widen to all of it"},
    {"enough", 3, 2, std::nullopt, "", Outcome::Open, "198.51.100.0/24", 1, in(kDay),
     "3 listed in 198.51.100.0/24 with this one, 3 widen to all of it"},
    {"more_than_enough", 3, 9, std::nullopt, "", Outcome::Open, "198.51.100.0/24", 1, in(kDay),
     "border: 198.51.100.0/24 is published as assigned"},
    {"by_the_past_of_the_border", 3, 2, past(kExpired, 2, ago(kDay)), "", Outcome::Open,
     "198.51.100.0/24", 3, in(7 * kDay), "listed 2 times before"},
    {"border_is_listed", 3, 0, past(kOpen, 2, in(kHour)), "", Outcome::Extend, "198.51.100.0/24", 2,
     in(3 * kDay), "198.51.100.0/24, which holds it, is listed already"},
    {"border_is_listed_by_hand", 0, 0, past(kOpen, 1, Time{}), "", Outcome::Extend,
     "198.51.100.0/24", 1, Time{}, "which holds it, is listed already"},
    {"border_was_listed", 3, 0, past(kOpen, 2, kNow), "", Outcome::Open, "198.51.100.7", 2,
     in(3 * kDay), ""},
    {"border_is_suspended", 1, 9, past(ListingState::Suspended, 1, in(kDay)), "", Outcome::Open,
     "198.51.100.7", 2, in(3 * kDay), "198.51.100.0/24 is suspended: not widened"},
    {"border_may_not_be_listed", 1, 9, std::nullopt, "holds 198.51.100.25 of the do-not-list",
     Outcome::Open, "198.51.100.7", 2, in(3 * kDay),
     "198.51.100.0/24 may not be listed, so not widened: holds 198.51.100.25 of the do-not-list"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Escalation, testing::ValuesIn(kEscalationCases),
                         [](const auto& param) { return param.param.name; });

TEST(Escalation, ByALaterHitOfOneThatIsListed) {
    TrapRule rule = rule_of_3();
    rule.escalate_count = 2;
    const auto hits = three_hits();
    const Decision made =
        decide(rule, kIdentity, kBorder,
               {.hits = hits, .past = past(kOpen, 1, in(kHour)), .listed_in_border = 1}, kNow);
    EXPECT_EQ(made.outcome, Outcome::Open);
    EXPECT_EQ(made.subject, kBorder);
}

TEST(Escalation, NoticeIsOfTheIdentityFirst) {
    TrapRule rule = rule_of_3();
    rule.escalate_count = 2;
    rule.notice_seconds = 30 * kMinute;
    const auto hits = three_hits();
    Situation situation{.hits = hits, .listed_in_border = 5};
    EXPECT_EQ(decide(rule, kIdentity, kBorder, situation, kNow).subject, kIdentity);
    EXPECT_EQ(decide(rule, kIdentity, kBorder, situation, kNow).outcome, Outcome::Notice);
    situation.past = noticed(ago(kHour));
    EXPECT_EQ(decide(rule, kIdentity, kBorder, situation, kNow).subject, kBorder);
    EXPECT_EQ(decide(rule, kIdentity, kBorder, situation, kNow).outcome, Outcome::Open);
}

// ---- May it be listed? ------------------------------------------------------------------------

TEST(Refusal, IsToldOnceTheThresholdsAreReached) {
    const auto hits = three_hits();
    Situation situation{.hits = hits};
    situation.refusal = "private (RFC 1918)";
    const Decision made = decide(rule_of_3(), kIdentity, kBorder, situation, kNow);
    EXPECT_EQ(made.outcome, Outcome::Refuse);
    EXPECT_EQ(made.subject, kIdentity);
    EXPECT_THAT(made.steps, ElementsAre("rule css: 3 hits of 2 traps in 1d, needed 3 of 2",
                                        "may not be listed: private (RFC 1918)"));
}

TEST(Refusal, BelowTheThresholdsNothingIsKept) {
    const std::vector<CountedHit> hits = {hit(0, 1)};
    Situation situation{.hits = hits};
    situation.refusal = "private (RFC 1918)";
    EXPECT_EQ(decide(rule_of_3(), kIdentity, kBorder, situation, kNow).outcome, Outcome::Wait);
    situation.refusal.clear();
    situation.past = past(ListingState::Suspended, 1, in(kDay));
    EXPECT_EQ(decide(rule_of_3(), kIdentity, kBorder, situation, kNow).outcome, Outcome::Wait);
}

// ---- Words -------------------------------------------------------------------------------------

TEST(Steps, TellTheWholeWay) {
    TrapRule rule = rule_of_3();
    rule.escalate_count = 5;
    const auto hits = three_hits();
    const Decision made =
        decide(rule, kIdentity, kBorder,
               {.hits = hits, .past = past(kExpired, 2, ago(kDay)), .listed_in_border = 3}, kNow);
    EXPECT_THAT(made.steps,
                ElementsAre("rule css: 3 hits of 2 traps in 1d, needed 3 of 2",
                            "4 listed in 198.51.100.0/24 with this one, 5 widen to all of it",
                            "listed 2 times before, the last ended 2026-11-24T09:46:40Z; "
                            "lifetime 1w",
                            "198.51.100.7 listed until 2026-12-02T09:46:40Z"));
}

// A trap's number is no secret outside of the vault, but no reader of a step needs it either.
TEST(Steps, NameNeitherTrapsNorSensors) {
    const std::vector<CountedHit> hits = {hit(9, 770001, 100, "mbox:secret"),
                                          hit(8, 770002, 100, "mbox:secret"),
                                          hit(0, 0, 100, "mbox:secret")};
    for (const std::string& step :
         decide(rule_of_3(), kIdentity, kBorder, {.hits = hits}, kNow).steps) {
        EXPECT_EQ(step.find("secret"), std::string::npos) << step;
        EXPECT_EQ(step.find("77000"), std::string::npos) << step;
    }
}

}  // namespace
}  // namespace fairlist::rules
