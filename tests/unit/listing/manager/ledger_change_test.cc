#include "listing/manager/ledger.h"
#include "listing/manager/manager.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {
namespace {

constexpr Time kStart{1'700'000'000};
const Actor kActor{.name = "operator:test", .why = "ticket 7"};

Subject address(std::string_view text) {
    return parse_prefix(text).value();
}

class LedgerChange : public testing::Test {
  protected:
    LedgerChange() {
        ListSpec list;
        list.name = "sbl";
        Manager::Options options;
        options.lists = {list};
        options.clock = [this] {
            return now_;
        };
        manager_ = std::make_unique<Manager>(store_.environment(), options);
        ledger_options_.lists = {list};
        ledger_options_.clock = options.clock;
        make();
    }
    void make() { ledger_ = std::make_unique<Ledger>(store_.environment(), ledger_options_); }

    Hit hit(std::uint8_t key, std::string_view from) {
        Hit hit;
        hit.key[0] = key;
        hit.time = now_;
        hit.trap = key;
        hit.address = parse_address(from).value();
        return hit;
    }
    void expect_whole() {
        const DoctorReport report = manager_->examine();
        EXPECT_EQ(report.fault_count, 0U) << (report.faults.empty() ? "" : report.faults.front());
    }

    test::ScratchStore store_;
    Time now_ = kStart;
    LedgerOptions ledger_options_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerChange, AnotherCodeTakesThePlaceOfTheOneBefore) {
    NewListing wanted{"sbl", address("11.1.1.1"), {}, {}, 0, ""};
    ASSERT_TRUE(ledger_->open(kActor, wanted).has_value());
    wanted.code = parse_code("127.0.0.9").value();
    ASSERT_TRUE(ledger_->open(kActor, wanted).has_value());
    const auto entries = manager_->lookup(wanted.subject);
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(to_string(entries[0].entry.verdict.code), "127.0.0.9");
    expect_whole();
}

TEST_F(LedgerChange, AHitIsCountedOnceForAListing) {
    TrapRule rule;
    rule.name = "css";
    rule.list = "sbl";
    rule.hits = 2;
    rule.notice_seconds = 600;
    ledger_options_.rules = {rule};
    make();
    // Two give notice, and the third, after the time that it leaves, opens.
    const std::vector<Hit> first = {hit(1, "11.1.1.1"), hit(2, "11.1.1.1")};
    ASSERT_EQ(ledger_->record(kActor, first).size(), 2U);
    now_.seconds += 700;
    const Hit third = hit(3, "11.1.1.1");
    ASSERT_EQ(ledger_->record(kActor, std::span(&third, 1)).size(), 1U);
    const auto listing = ledger_->latest("sbl", address("11.1.1.1"));
    ASSERT_TRUE(listing.has_value());
    EXPECT_EQ(listing->state, ListingState::Open);
    EXPECT_EQ(listing->hits, 3U);
    EXPECT_EQ(ledger_->evidence(listing->id, 10).size(), 3U);
    expect_whole();
}

TEST_F(LedgerChange, ASweepLeavesTheEntryOfAListingToItsExpiry) {
    NewEntry entry;
    entry.subject = address("11.1.1.1");
    entry.until = Time{kStart.seconds + 100};
    ASSERT_TRUE(manager_->add(kActor, "sbl", "manual", entry).has_value());
    ASSERT_TRUE(ledger_->open(kActor, {"sbl", entry.subject, entry.until, {}, 0, ""}).has_value());
    now_.seconds += 200;
    EXPECT_EQ(manager_->sweep_expired("", 1000).deleted, 1U);
    expect_whole();
    EXPECT_EQ(ledger_->expire(10).expired, 1U);
    EXPECT_TRUE(manager_->lookup(entry.subject).empty());
    expect_whole();
}

TEST_F(LedgerChange, WhoReadsEvidenceInFullIsOnRecord) {
    const std::vector<std::uint64_t> hits = {5, 4};
    ledger_->note_access(kActor, 12, hits);
    ledger_->note_access(kActor, 0, std::span(hits).first(1));
    const auto records = manager_->audit(0, 10);
    ASSERT_GE(records.size(), 2U);
    const auto& of_listing = records[records.size() - 2];
    EXPECT_EQ(of_listing.action, "evidence.full");
    EXPECT_EQ(of_listing.actor, "operator:test");
    EXPECT_EQ(of_listing.why, "ticket 7");
    const std::vector<std::pair<std::string, std::string>> details = {{"listing", "12"},
                                                                      {"hits", "5 4"}};
    EXPECT_EQ(of_listing.details, details);
    EXPECT_EQ(records.back().details.size(), 1U);
}

TEST_F(LedgerChange, RulesAreOnRecordOnceNoted) {
    TrapRule rule;
    rule.name = "css";
    rule.list = "sbl";
    ledger_options_.rules = {rule};
    make();
    EXPECT_EQ(ledger_->noted_rules(), "");
    EXPECT_TRUE(ledger_->note_rules(kActor));
    EXPECT_EQ(ledger_->noted_rules().substr(0, 15), "css: list sbl, ");
    EXPECT_FALSE(ledger_->note_rules(kActor));
    EXPECT_EQ(manager_->audit(0, 10).back().action, "rules.change");
}

TEST_F(LedgerChange, SaysWhyASubjectIsRefused) {
    ledger_options_.known_good = {parse_prefix("11.2.0.0/16").value()};
    make();
    EXPECT_EQ(ledger_->refusal("sbl", address("11.1.1.1")), "");
    EXPECT_EQ(ledger_->refusal("sbl", address("11.2.1.1")), "known good sender: 11.2.0.0/16");
    EXPECT_EQ(ledger_->refusal("nope", address("11.1.1.1")),
              "list \"nope\": not in the configuration");
}

}  // namespace
}  // namespace fairlist
