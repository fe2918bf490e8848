#include "listing/manager/ledger.h"

#include "tests/support/ledger_site.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {
namespace {

constexpr std::uint32_t kDay = 86400;
const Actor kOperator{.name = "operator:test", .from = "terminal", .why = "a test"};

Subject subject_of(std::string_view text) {
    const bool is_name = text.starts_with('.');
    return *parse_subject(is_name ? ListKind::Domain : ListKind::Address, text);
}

class LedgerTest : public testing::Test {
  protected:
    LedgerTest() { site_.make(); }

    void use(std::vector<TrapRule> rules) {
        site_.options.rules = std::move(rules);
        site_.make();
    }
    [[nodiscard]] Listing open(std::string_view subject, std::uint32_t seconds) {
        NewListing listing;
        listing.list = subject.starts_with('.') ? "dbl" : "css";
        listing.subject = subject_of(subject);
        listing.until = seconds == 0 ? Time{} : Time{site_.now.seconds + seconds};
        const auto opened = site_.ledger->open(kOperator, listing);
        EXPECT_TRUE(opened.has_value()) << opened.error().message;
        return opened.value_or(Listing{});
    }
    // Whether the subject answers now, by the index alone.
    [[nodiscard]] bool answers(std::string_view subject) {
        const auto views = site_.manager->lookup(subject_of(subject));
        return std::ranges::any_of(views, [](const EntryView& view) { return view.answers; });
    }
    void expect_whole() {
        const DoctorReport report = site_.manager->examine();
        EXPECT_EQ(report.fault_count, 0U) << report.faults.front();
    }
    [[nodiscard]] std::vector<std::string> actions(std::uint64_t id) {
        std::vector<std::string> words;
        for (const ListingEvent& event : site_.ledger->history(id)) {
            words.emplace_back(to_string(event.action));
        }
        return words;
    }
    [[nodiscard]] std::vector<std::string> audited() {
        std::vector<std::string> words;
        for (const auto& record : site_.manager->audit(0, 1000)) {
            words.push_back(record.action);
        }
        return words;
    }

    test::LedgerSite site_;
};

using Words = std::vector<std::string>;

TEST_F(LedgerTest, OpensAnswersAndEndsByItself) {
    const Listing listing = open("192.0.2.1", kDay);
    EXPECT_EQ(listing.id, 1U);
    EXPECT_TRUE(answers("192.0.2.1"));
    EXPECT_FALSE(answers("192.0.2.2"));
    expect_whole();
    EXPECT_EQ(site_.ledger->next_end(), Time{site_.now.seconds + kDay});

    site_.now.seconds += kDay;
    EXPECT_FALSE(answers("192.0.2.1"));  // before the expiry comes by
    const ExpiryStep step = site_.ledger->expire(100);
    EXPECT_EQ(step.expired, 1U);
    EXPECT_FALSE(step.more);
    EXPECT_EQ(site_.ledger->expire(100).expired, 0U);
    EXPECT_EQ(site_.ledger->find(1)->state, ListingState::Expired);
    EXPECT_EQ(actions(1), (Words{"opened", "expired"}));
    EXPECT_EQ(audited(), (Words{"list.register", "listing.opened", "listing.expired"}));
    EXPECT_FALSE(site_.ledger->next_end().is_set());
    expect_whole();
}

TEST_F(LedgerTest, OpeningTwiceExtendsAndNeverDuplicates) {
    const Listing first = open("192.0.2.1", kDay);
    site_.now.seconds += 10;
    const Listing second = open("192.0.2.1", 2 * kDay);
    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.until, Time{site_.now.seconds + 2 * kDay});
    EXPECT_EQ(second.opened, first.opened);
    EXPECT_EQ(actions(1), (Words{"opened", "extended"}));
    expect_whole();
}

TEST_F(LedgerTest, ANewListingFollowsOneThatEnded) {
    EXPECT_EQ(open("192.0.2.1", kDay).times, 1U);
    ASSERT_TRUE(site_.ledger->remove(kOperator, 1));
    const Listing next = open("192.0.2.1", kDay);
    EXPECT_EQ(next.id, 2U);
    EXPECT_EQ(next.earlier, 1U);
    EXPECT_EQ(next.times, 2U);
    EXPECT_EQ(site_.ledger->latest("css", subject_of("192.0.2.1"))->id, 2U);
    expect_whole();
}

TEST_F(LedgerTest, AnEndedListingThatTheExpiryHasNotSeenIsNotExtended) {
    EXPECT_EQ(open("192.0.2.1", kDay).id, 1U);
    site_.now.seconds += 2 * kDay;
    EXPECT_EQ(open("192.0.2.1", kDay).id, 2U);
    EXPECT_EQ(site_.ledger->find(1)->state, ListingState::Expired);
    expect_whole();
}

// Every command in every state: which are allowed, and what becomes of it.
struct LifeRow {
    std::string name;
    std::string before;  // commands that lead to the state
    std::string command;
    std::optional<ListingState> after;  // nothing: refused
    bool answers;
};
void PrintTo(const LifeRow& row, std::ostream* out) {
    *out << row.name;
}

class LedgerLife : public LedgerTest, public testing::WithParamInterface<LifeRow> {
  protected:
    Result<Listing> run(char command) {
        Ledger& ledger = *site_.ledger;
        switch (command) {
            case 's':
                return ledger.suspend(kOperator, 1);
            case 'r':
                return ledger.resume(kOperator, 1);
            case 'd':
                return ledger.remove(kOperator, 1);
            case 'x':
                return ledger.extend(kOperator, 1, Time{site_.now.seconds + 9 * kDay});
            case 'e':
                return ledger.exempt(kOperator, 1, Time{}, "good now");
            default:
                site_.now.seconds += 30 * kDay;
                ledger.expire(10);
                return *ledger.find(1);
        }
    }
};

TEST_P(LedgerLife, Goes) {
    const LifeRow& row = GetParam();
    EXPECT_EQ(open("192.0.2.1", kDay).id, 1U);
    for (const char command : row.before) {
        ASSERT_TRUE(run(command));
    }
    const auto records = site_.manager->audit_head().number;
    const auto result = run(row.command.front());
    EXPECT_EQ(result.has_value(), row.after.has_value());
    if (row.after && result) {
        EXPECT_EQ(result->state, *row.after);
        EXPECT_EQ(site_.manager->audit_head().number, records + 1);
    } else if (!result) {
        EXPECT_EQ(result.error().code, Errc::Conflict);
        EXPECT_EQ(site_.manager->audit_head().number, records);
    }
    EXPECT_EQ(answers("192.0.2.1"), row.answers);
    expect_whole();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, LedgerLife,
    testing::Values(LifeRow{"open_suspend", "", "s", ListingState::Suspended, false},
                    LifeRow{"open_resume", "", "r", std::nullopt, true},
                    LifeRow{"open_remove", "", "d", ListingState::Removed, false},
                    LifeRow{"open_extend", "", "x", ListingState::Open, true},
                    LifeRow{"open_exempt", "", "e", ListingState::Exempted, false},
                    LifeRow{"open_expire", "", "t", ListingState::Expired, false},
                    LifeRow{"suspended_suspend", "s", "s", std::nullopt, false},
                    LifeRow{"suspended_resume", "s", "r", ListingState::Open, true},
                    LifeRow{"suspended_remove", "s", "d", ListingState::Removed, false},
                    LifeRow{"suspended_extend", "s", "x", ListingState::Suspended, false},
                    LifeRow{"suspended_exempt", "s", "e", ListingState::Exempted, false},
                    LifeRow{"suspended_expire", "s", "t", ListingState::Expired, false},
                    LifeRow{"removed_suspend", "d", "s", std::nullopt, false},
                    LifeRow{"removed_resume", "d", "r", std::nullopt, false},
                    LifeRow{"removed_remove", "d", "d", std::nullopt, false},
                    LifeRow{"removed_extend", "d", "x", std::nullopt, false},
                    LifeRow{"removed_exempt", "d", "e", std::nullopt, false},
                    LifeRow{"expired_resume", "t", "r", std::nullopt, false},
                    LifeRow{"expired_remove", "t", "d", std::nullopt, false},
                    LifeRow{"exempted_resume", "e", "r", std::nullopt, false}),
    [](const auto& row) { return row.param.name; });

struct RefusedRow {
    std::string name;
    std::string list;
    std::string subject;
    std::uint32_t lasts;
    Errc code;
    std::string says;
};
void PrintTo(const RefusedRow& row, std::ostream* out) {
    *out << row.name;
}
class LedgerRefuses : public LedgerTest, public testing::WithParamInterface<RefusedRow> {};

TEST_P(LedgerRefuses, ToOpen) {
    const RefusedRow& row = GetParam();
    site_.options.known_good = {*parse_prefix("198.51.100.0/28")};
    site_.options.do_not_list_domains = {*parse_domain("big.example")};
    site_.make();
    NewListing listing;
    listing.list = row.list;
    listing.subject = subject_of(row.subject);
    listing.until = Time{site_.now.seconds + row.lasts};
    const auto opened = site_.ledger->open(kOperator, listing);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, row.code);
    EXPECT_NE(opened.error().message.find(row.says), std::string::npos) << opened.error().message;
    expect_whole();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, LedgerRefuses,
    testing::Values(
        RefusedRow{"unknown_list", "none", "192.0.2.1", 9, Errc::NotFound, "not in the conf"},
        RefusedRow{"other_kind", "dbl", "192.0.2.1", 9, Errc::Malformed, "domain entries"},
        RefusedRow{"private", "css", "10.0.0.1", 9, Errc::Refused, "protected space"},
        RefusedRow{"do_not_list", "css", "192.0.2.129", 9, Errc::Refused, "protected space"},
        RefusedRow{"known_good", "css", "198.51.100.3", 9, Errc::Refused, "known good"},
        RefusedRow{"holds_known_good", "css", "198.51.100.0/24", 9, Errc::Refused, "known good"},
        RefusedRow{"kept_domain", "dbl", ".big.example", 9, Errc::Refused, "do-not-list"},
        RefusedRow{"below_kept", "dbl", ".x.big.example", 9, Errc::Refused, "do-not-list"},
        RefusedRow{"past_end", "css", "192.0.2.1", 0, Errc::OutOfRange, "has passed"}),
    [](const auto& row) { return row.param.name; });

TEST_F(LedgerTest, WhatIsNotThereIsSaidSo) {
    for (const auto& result :
         {site_.ledger->suspend(kOperator, 9), site_.ledger->remove(kOperator, 9),
          site_.ledger->extend(kOperator, 9, Time{})}) {
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, Errc::NotFound);
    }
    EXPECT_FALSE(site_.ledger->find(9));
    EXPECT_TRUE(site_.ledger->history(9).empty());
}

TEST_F(LedgerTest, LearnsOfEntriesThatWereRemovedPastIt) {
    EXPECT_EQ(open("192.0.2.1", kDay).id, 1U);
    EXPECT_EQ(
        *site_.manager->remove(kOperator, "css", std::nullopt, subject_of("192.0.2.1"), false), 1U);
    EXPECT_EQ(site_.ledger->find(1)->state, ListingState::Removed);
    EXPECT_EQ(actions(1), (Words{"opened", "removed"}));
    expect_whole();
}

TEST_F(LedgerTest, EntriesOfListingsAreNobodyElses) {
    const NewEntry entry{subject_of("192.0.2.1"), false, {}, 0, "", {}};
    const auto added = site_.manager->add(kOperator, "css", kListingSource, entry);
    ASSERT_FALSE(added.has_value());
    EXPECT_EQ(added.error().code, Errc::Conflict);
    ImportSet set;
    EXPECT_FALSE(
        site_.manager->apply(kOperator, "css", kListingSource, set, std::nullopt, nullptr));
}

TEST_F(LedgerTest, TheSweepLeavesListingsToTheExpiry) {
    EXPECT_EQ(open("192.0.2.1", kDay).id, 1U);
    site_.now.seconds += 2 * kDay;
    EXPECT_EQ(site_.manager->sweep_expired("", 1000).deleted, 0U);
    expect_whole();
    EXPECT_EQ(site_.ledger->expire(1000).expired, 1U);
    expect_whole();
}

TEST_F(LedgerTest, HitsListWhatARuleSays) {
    use({test::address_rule()});
    EXPECT_EQ(site_.record(site_.hit("192.0.2.1", 1)).effects.front().outcome,
              rules::Outcome::Wait);
    EXPECT_EQ(site_.record(site_.hit("192.0.2.1", 1)).effects.front().outcome,
              rules::Outcome::Wait);
    EXPECT_FALSE(answers("192.0.2.1"));
    const RecordedHit third = site_.record(site_.hit("192.0.2.1", 2));
    EXPECT_EQ(third.number, 3U);
    EXPECT_EQ(third.effects.front().outcome, rules::Outcome::Open);
    EXPECT_TRUE(answers("192.0.2.1"));
    const Listing listing = *site_.ledger->find(third.effects.front().listing);
    EXPECT_EQ(listing.rule, "traps");
    EXPECT_EQ(listing.hits, 3U);
    EXPECT_EQ(listing.until, Time{site_.now.seconds + kDay});
    const ListingEvent opened = site_.ledger->history(listing.id).front();
    EXPECT_EQ(opened.hits, (std::vector<std::uint64_t>{3, 2, 1}));
    EXPECT_FALSE(opened.steps.empty());
    EXPECT_EQ(site_.ledger->evidence(listing.id, 10).size(), 3U);
    expect_whole();
}

// A sender could look up the second in its logs.
TEST_F(LedgerTest, WhatEverybodySeesTellsNoMoreThanTheHourOfAHit) {
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    use({rule});
    site_.record(site_.hit("192.0.2.1"));  // at 22:13:20
    const Entry entry = site_.manager->lookup(subject_of("192.0.2.1")).front().entry;
    EXPECT_EQ(to_string(entry.since), "2023-11-14T22:00:00Z");
    EXPECT_EQ(to_string(entry.until), "2023-11-15T23:00:00Z");
    site_.now = site_.ledger->find(1)->until;
    EXPECT_EQ(site_.ledger->expire(10).expired, 1U);
    EXPECT_FALSE(answers("192.0.2.1"));
    EXPECT_GT(open("192.0.2.2", 100).id, 0U);
    const Entry by_hand = site_.manager->lookup(subject_of("192.0.2.2")).front().entry;
    EXPECT_EQ(by_hand.since, site_.now);
    EXPECT_EQ(by_hand.until, Time{site_.now.seconds + 100});
    expect_whole();
}

TEST_F(LedgerTest, HitsOfAnOldMailboxListNobodyToday) {
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    use({rule});
    Hit old = site_.hit("192.0.2.1");
    old.time = Time{site_.now.seconds - 2 * kDay};
    const RuleEffect effect = site_.record(old).effects.front();
    EXPECT_EQ(effect.outcome, rules::Outcome::Wait);
    EXPECT_NE(effect.steps.back().find("nothing is listed"), std::string::npos);
    EXPECT_FALSE(site_.ledger->find(1));
    Hit recent = site_.hit("192.0.2.1");
    recent.time = Time{site_.now.seconds - kDay / 2};
    EXPECT_EQ(site_.record(recent).effects.front().outcome, rules::Outcome::Open);
    EXPECT_EQ(site_.ledger->find(1)->until, Time{site_.now.seconds + kDay / 2});
    EXPECT_TRUE(answers("192.0.2.1"));
    expect_whole();
}

// Who floods one trap hides nothing that came to others, and costs little.
TEST_F(LedgerTest, AFloodOfOneTrapHidesNoOther) {
    TrapRule rule = test::address_rule();
    rule.hits = 4;
    rule.traps = 3;
    use({rule});
    site_.record(site_.hit("192.0.2.1", 7));
    std::vector<Hit> flood;
    for (int i = 0; i < 6000; ++i) {
        flood.push_back(site_.hit("192.0.2.1", 1));
        flood.back().time = Time{site_.now.seconds + static_cast<std::uint32_t>(i)};
    }
    site_.now.seconds += 6000;
    for (const RecordedHit& hit : site_.ledger->record({"rule:traps"}, flood)) {
        ASSERT_EQ(hit.effects.front().outcome, rules::Outcome::Wait);
    }
    EXPECT_EQ(site_.record(site_.hit("192.0.2.1", 2)).effects.front().outcome,
              rules::Outcome::Open);
    expect_whole();
}

TEST_F(LedgerTest, AHitCountsOnce) {
    use({test::address_rule()});
    const Hit same = site_.hit("192.0.2.1", 1);
    EXPECT_FALSE(site_.record(same).duplicate);
    for (int i = 0; i < 5; ++i) {
        const RecordedHit again = site_.record(same);
        EXPECT_TRUE(again.duplicate);
        EXPECT_EQ(again.number, 1U);
        EXPECT_TRUE(again.effects.empty());
    }
    const std::vector<Hit> twice(2, site_.hit("192.0.2.1", 2));
    const auto recorded = site_.ledger->record({"rule:traps"}, twice);
    EXPECT_FALSE(recorded[0].duplicate);
    EXPECT_TRUE(recorded[1].duplicate);
    EXPECT_FALSE(answers("192.0.2.1"));
    expect_whole();
}

TEST_F(LedgerTest, ListingsGrowWithRepetitionAndForgetAfterQuiet) {
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    use({rule});
    const std::vector<std::uint32_t> expected = {1, 3, 7, 30, 30};
    for (const std::uint32_t days : expected) {
        const RecordedHit hit = site_.record(site_.hit("192.0.2.1"));
        const Listing listing = *site_.ledger->find(hit.effects.front().listing);
        EXPECT_EQ(listing.until, Time{site_.now.seconds + days * kDay});
        site_.now = Time{listing.until.seconds + kDay};
        site_.ledger->expire(10);
    }
    site_.now.seconds += 181 * kDay;
    const RecordedHit hit = site_.record(site_.hit("192.0.2.1"));
    const Listing listing = *site_.ledger->find(hit.effects.front().listing);
    EXPECT_EQ(listing.times, 1U);
    EXPECT_EQ(listing.until, Time{site_.now.seconds + kDay});
    expect_whole();
}

TEST_F(LedgerTest, HitsOnAnOpenListingAreCountedAndExtendIt) {
    use({test::address_rule()});
    for (const std::uint32_t trap : {1U, 2U, 3U}) {
        site_.record(site_.hit("192.0.2.1", trap));
    }
    site_.now.seconds += 30;  // less than a hundredth of a day
    site_.record(site_.hit("192.0.2.1", 1));
    EXPECT_EQ(actions(1), Words{"opened"});
    EXPECT_EQ(site_.ledger->find(1)->hits, 4U);
    EXPECT_EQ(site_.ledger->evidence(1, 10).size(), 4U);
    site_.now.seconds += 3600;
    site_.record(site_.hit("192.0.2.1", 1));
    EXPECT_EQ(actions(1), (Words{"opened", "extended"}));
    EXPECT_EQ(site_.ledger->find(1)->until, Time{site_.now.seconds + kDay});
    expect_whole();
}

TEST_F(LedgerTest, NoticeComesFirstAndLapsesWithoutHits) {
    TrapRule rule = test::address_rule();
    rule.notice_seconds = 1800;
    use({rule});
    for (const std::uint32_t trap : {1U, 2U, 3U}) {
        site_.record(site_.hit("192.0.2.1", trap));
    }
    EXPECT_EQ(site_.ledger->find(1)->state, ListingState::Noticed);
    EXPECT_FALSE(answers("192.0.2.1"));
    expect_whole();
    site_.now = Time{site_.ledger->find(1)->until.seconds};
    EXPECT_EQ(site_.ledger->expire(10).lapsed, 1U);
    EXPECT_EQ(actions(1), (Words{"noticed", "lapsed"}));
    EXPECT_FALSE(site_.ledger->latest("css", subject_of("192.0.2.1")));
    expect_whole();
}

TEST_F(LedgerTest, HitsAfterTheNoticeListAndTheNumberStays) {
    TrapRule rule = test::address_rule();
    rule.notice_seconds = 1800;
    use({rule});
    for (const std::uint32_t trap : {1U, 2U, 3U}) {
        site_.record(site_.hit("192.0.2.1", trap));
    }
    site_.now.seconds += 1801;
    site_.record(site_.hit("192.0.2.1", 1));
    const Listing listing = *site_.ledger->find(1);
    EXPECT_EQ(listing.state, ListingState::Open);
    EXPECT_EQ(listing.times, 1U);
    EXPECT_TRUE(answers("192.0.2.1"));
    EXPECT_EQ(actions(1), (Words{"noticed", "opened"}));
    expect_whole();
}

TEST_F(LedgerTest, EnoughWithinAnAssignmentWidenToItAndNoFurther) {
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    rule.escalate_count = 3;
    site_.options.space =
        AddressSpace({{*parse_prefix("203.0.113.16/28"), SpaceUse::Assigned, "c-1", {}}});
    use({rule});
    site_.record(site_.hit("203.0.113.17"));
    site_.record(site_.hit("203.0.113.18"));
    site_.record(site_.hit("203.0.113.33"));  // of another customer
    EXPECT_FALSE(answers("203.0.113.19"));
    site_.record(site_.hit("203.0.113.20"));
    EXPECT_TRUE(answers("203.0.113.19"));
    EXPECT_FALSE(answers("203.0.113.34"));
    EXPECT_FALSE(answers("203.0.113.15"));
    expect_whole();
}

TEST_F(LedgerTest, WhatMayNotBeListedIsRefusedAndOnRecordOnce) {
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    use({rule});
    ASSERT_TRUE(site_.manager->add(kOperator, "css", "manual",
                                   {subject_of("192.0.2.7"), true, {}, 0, "reviewed", {}}));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(site_.record(site_.hit("192.0.2.7")).effects.front().outcome,
                  rules::Outcome::Refuse);
    }
    EXPECT_FALSE(answers("192.0.2.7"));
    EXPECT_EQ(std::ranges::count(audited(), "listing.refuse"), 1);
    expect_whole();
}

TEST_F(LedgerTest, SuspendedStaysSoWhateverComes) {
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    use({rule});
    site_.record(site_.hit("192.0.2.1"));
    ASSERT_TRUE(site_.ledger->suspend(kOperator, 1));
    EXPECT_EQ(site_.record(site_.hit("192.0.2.1")).effects.front().outcome,
              rules::Outcome::Suspended);
    EXPECT_FALSE(answers("192.0.2.1"));
    EXPECT_EQ(site_.ledger->find(1)->hits, 2U);
    expect_whole();
}

TEST_F(LedgerTest, OldHitsGoUnlessAListingRestsOnThem) {
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    rule.lifetimes_seconds = {400 * kDay};
    use({rule});
    site_.record(site_.hit("192.0.2.1"));
    Hit other = site_.hit("");
    site_.record(other);
    EXPECT_EQ(site_.ledger->trim_hits(100), 0U);
    site_.now.seconds += 200 * kDay;
    EXPECT_EQ(site_.ledger->trim_hits(100), 1U);
    EXPECT_FALSE(site_.ledger->hit(2));
    EXPECT_TRUE(site_.ledger->hit(1));
    expect_whole();
    ASSERT_TRUE(site_.ledger->remove(kOperator, 1));
    EXPECT_EQ(site_.ledger->trim_hits(100), 1U);
    EXPECT_TRUE(site_.ledger->evidence(1, 10).empty());
    expect_whole();
}

TEST_F(LedgerTest, AChangeOfTheRulesIsOnRecord) {
    use({test::address_rule()});
    EXPECT_TRUE(site_.ledger->note_rules({"operator:test"}));
    EXPECT_FALSE(site_.ledger->note_rules({"operator:test"}));
    TrapRule rule = test::address_rule();
    rule.hits = 5;
    use({rule});
    EXPECT_TRUE(site_.ledger->note_rules({"operator:test"}));
    const auto record = site_.manager->audit(site_.manager->audit_head().number - 1, 1).front();
    EXPECT_EQ(record.action, "rules.change");
    EXPECT_EQ(record.details.at(0).first, "before");
    EXPECT_NE(record.details.at(0).second.find("3 hits of 2 traps"), std::string::npos);
    EXPECT_NE(record.details.at(1).second.find("5 hits of 2 traps"), std::string::npos);
}

TEST_F(LedgerTest, FiguresCountByDayNetworkAndReason) {
    site_.options.asn_of = [](const Address& address) {
        return address.v4() % 2 == 0 ? 64500U : 64501U;
    };
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    use({rule});
    site_.record(site_.hit("192.0.2.1"));
    site_.record(site_.hit("192.0.2.2"));
    site_.record(site_.hit("192.0.2.3"));
    EXPECT_GT(open("192.0.2.4", 9 * kDay).id, 0U);
    const std::uint32_t day = day_of(site_.now);
    site_.now.seconds += 3 * kDay;
    EXPECT_EQ(site_.ledger->expire(10).expired, 3U);
    const ListId css{1};
    const std::map<FigureKey, Figure> expected = {
        {{day, css, 64501, ""}, {2, 2, 0, 0, 0, 2}},
        {{day, css, 64501, "traps"}, {2, 2, 0, 0, 0, 2}},
        {{day, css, 64500, ""}, {1, 2, 0, 0, 0, 2}},
        {{day, css, 64500, "traps"}, {1, 1, 0, 0, 0, 1}},
        {{day, css, 64500, "operator"}, {0, 1, 0, 0, 0, 1}},
        {{day + 3, css, 64501, ""}, {0, 0, 0, 2, 0, 0}},
        {{day + 3, css, 64501, "traps"}, {0, 0, 0, 2, 0, 0}},
        {{day + 3, css, 64500, ""}, {0, 0, 0, 1, 0, 1}},
        {{day + 3, css, 64500, "traps"}, {0, 0, 0, 1, 0, 0}}};
    const auto figures = site_.ledger->figures();
    EXPECT_EQ((std::map<FigureKey, Figure>(figures.begin(), figures.end())), expected);
    expect_whole();
}

TEST_F(LedgerTest, PagesGiveEveryListingOnce) {
    for (int i = 1; i <= 25; ++i) {
        EXPECT_GT(open("192.0.2." + std::to_string(i), kDay).id, 0U);
    }
    ASSERT_TRUE(site_.ledger->remove(kOperator, 5));
    std::vector<std::uint64_t> ids;
    std::string after;
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = site_.ledger->page({}, after, 7);
        ASSERT_TRUE(page.has_value());
        for (const Listing& listing : page->listings) {
            ids.push_back(listing.id);
        }
        after = page->next;
        if (after.empty()) {
            break;
        }
    }
    EXPECT_EQ(ids.size(), 24U);
    EXPECT_TRUE(std::ranges::is_sorted(ids));
    ListingFilter filter;
    filter.within = parse_prefix("192.0.2.0/30").value();
    filter.ended = true;
    EXPECT_EQ(site_.ledger->page(filter, "", 100)->listings.size(), 3U);
    EXPECT_FALSE(site_.ledger->page({}, "no number", 7));
}

}  // namespace
}  // namespace fairlist
