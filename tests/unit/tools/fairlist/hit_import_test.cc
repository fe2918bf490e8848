#include "tools/fairlist/hit_import.h"

#include "tests/unit/tools/fairlist/ledger_scene.h"
#include "tools/fairlist/intake_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <expected>
#include <string>

namespace fairlist::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A rule of the scene lists what three hits of two traps accuse.
class HitImports : public LedgerScene {
  protected:
    HitImport import(std::uint64_t rejected_max = 100) {
        return {*ledger_, {.name = "rule:sensors"}, rejected_max};
    }
    static Result<Hit> fault(Errc code) { return fail(code, "what is wrong"); }
};

TEST_F(HitImports, CountsWhatIsNewAndWhatItMade) {
    HitImport first = import();
    EXPECT_TRUE(first.add("f:1", mail(1, 1, "11.1.1.1")));
    EXPECT_TRUE(first.add("f:2", mail(2, 2, "11.1.1.1")));
    EXPECT_TRUE(first.add("f:3", mail(3, 1, "11.1.1.1")));
    const HitImportTotals totals = first.finish();
    EXPECT_EQ(totals.hits, 3U);
    EXPECT_EQ(totals.effects.opened, 1U);
    EXPECT_EQ(status_of(totals), ExitStatus::Done);
    EXPECT_EQ(hit_import_text(totals, "hit"),
              "3 hits taken in, 0 known already; 1 listing opened\n");
}

TEST_F(HitImports, ListsAlsoByALogThatBeginsWithTheNewest) {
    HitImport backwards = import();
    EXPECT_TRUE(backwards.add("f:1", mail(1, 1, "11.1.1.1")));
    now_.seconds -= 60;
    EXPECT_TRUE(backwards.add("f:2", mail(2, 2, "11.1.1.1")));
    now_.seconds -= 60;
    EXPECT_TRUE(backwards.add("f:3", mail(3, 1, "11.1.1.1")));
    now_.seconds += 120;
    EXPECT_EQ(backwards.finish().effects.opened, 1U);
}

TEST_F(HitImports, CountsNothingTwice) {
    record(mail(1, 1, "11.1.1.1"));
    HitImport again = import();
    EXPECT_TRUE(again.add("f:1", mail(1, 1, "11.1.1.1")));
    EXPECT_TRUE(again.add("f:2", mail(2, 1, "11.1.1.1")));
    EXPECT_TRUE(again.add("f:3", mail(2, 1, "11.1.1.1")));
    const HitImportTotals totals = again.finish();
    EXPECT_EQ(totals.hits, 1U);
    EXPECT_EQ(totals.duplicates, 2U);
    EXPECT_EQ(ledger_->hit(3), std::nullopt);
    EXPECT_EQ(hit_import_text(totals, "report"),
              "1 report taken in, 2 known already; no listing opened\n");
}

TEST_F(HitImports, TellsRejectedFromRefused) {
    HitImport mixed = import();
    EXPECT_TRUE(mixed.add("f:1", fault(Errc::Malformed)));
    EXPECT_TRUE(mixed.add("f:2", fault(Errc::Refused)));
    EXPECT_TRUE(mixed.add("f:3", mail(1, 1, "11.1.1.1")));
    const HitImportTotals totals = mixed.finish();
    EXPECT_EQ(totals.rejected, 1U);
    EXPECT_EQ(totals.refused, 1U);
    EXPECT_EQ(status_of(totals), ExitStatus::Partly);
    EXPECT_EQ(hit_import_text(totals, "hit"),
              "1 hit taken in, 0 known already, 1 rejected, 1 refused; no listing opened\n");
    EXPECT_EQ(
        hit_import_json("web1", totals),
        "{\"sensor\":\"web1\",\"hits\":1,\"duplicates\":0,\"rejected\":1,\"refused\":1,"
        "\"listings\":{\"opened\":0,\"extended\":0,\"noticed\":0,\"refused\":0},\"faults\":["
        "{\"where\":\"f:1\",\"error\":{\"code\":\"malformed\",\"message\":\"what is wrong\"}},"
        "{\"where\":\"f:2\",\"error\":{\"code\":\"refused\",\"message\":\"what is wrong\"}}],"
        "\"stopped\":null}\n");
}

TEST_F(HitImports, StopsAtTooManyRejectedAndKeepsWhatCameBefore) {
    HitImport bad = import(1);
    EXPECT_TRUE(bad.add("f:1", mail(1, 1, "11.1.1.1")));
    EXPECT_TRUE(bad.add("f:2", fault(Errc::Malformed)));
    EXPECT_TRUE(bad.add("f:3", fault(Errc::Refused)));
    EXPECT_FALSE(bad.add("f:4", fault(Errc::OutOfRange)));
    const HitImportTotals totals = bad.finish();
    EXPECT_EQ(totals.hits, 1U);
    EXPECT_TRUE(ledger_->hit(1).has_value());
    EXPECT_THAT(totals.stopped.value_or(""),
                HasSubstr("f:4: more than 1 rejected: what comes behind is not read"));
    EXPECT_EQ(status_of(totals), ExitStatus::Partly);
}

TEST_F(HitImports, WithoutAnyHitItFailed) {
    HitImport bad = import(0);
    EXPECT_FALSE(bad.add("f:1", fault(Errc::Malformed)));
    EXPECT_EQ(status_of(bad.finish()), ExitStatus::Failed);
    HitImport broken = import();
    broken.stop("f: Input/output error");
    EXPECT_EQ(status_of(broken.finish()), ExitStatus::Failed);
}

TEST_F(HitImports, RecordsMoreThanABatch) {
    HitImport many = import();
    for (std::uint32_t i = 0; i < 2500; ++i) {
        Hit hit = mail(0, 1, "11.1.1.1");
        hit.address = Address::from_v4(0x0B010000U + i);
        hit.key[1] = static_cast<std::uint8_t>(i & 0xFFU);
        hit.key[2] = static_cast<std::uint8_t>(i >> 8U);
        ASSERT_TRUE(many.add("f", hit));
    }
    EXPECT_EQ(many.totals().hits, 2000U) << "the last batch is not full";
    EXPECT_EQ(many.finish().hits, 2500U);
    EXPECT_TRUE(ledger_->hit(2500).has_value());
}

TEST(RecordedHits, SayWhatRulesMadeOfThem) {
    Hit hit;
    hit.address = parse_address("11.1.1.1").value();
    hit.signer = parse_domain("shop.example").value();
    hit.trap = 4711;
    hit.helo = "canary.example";
    RecordedHit recorded{12, false, {}};
    const auto subject = parse_subject(ListKind::Address, "11.1.1.1").value();
    recorded.effects = {
        {"slow", "css", subject, rules::Outcome::Wait, 0, {"1 of 6 hits"}},
        {"css", "css", subject, rules::Outcome::Open, 4, {}},
        {"ssh", "ssh", subject, rules::Outcome::Refuse, 0, {"3 hits", "11.0.0.0/8 is protected"}}};
    const RecordedView view = view_recorded(hit, recorded);
    EXPECT_THAT(view.accused, ElementsAre("11.1.1.1", "shop.example"));
    EXPECT_EQ(recorded_text(view),
              "hit 12: 11.1.1.1, shop.example: css opened listing 4 of 11.1.1.1 in list css; ssh "
              "may not list 11.1.1.1: 11.0.0.0/8 is protected\n");
    EffectCounts counts;
    counts.add(recorded);
    EXPECT_EQ(effects_text(counts), "1 listing opened, 1 refused");
}

}  // namespace
}  // namespace fairlist::cli
