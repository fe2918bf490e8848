#include "server/shown/shown_hit.h"

#include "server/shown/listing_json.h"
#include "tests/unit/tools/fairlist/ledger_scene.h"
#include "tools/fairlist/listing_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class ShownHitTest : public LedgerScene {
  protected:
    StoredHit stored() {
        Hit hit = mail(1, 31337, "11.1.1.1");
        hit.signer = parse_domain("sender.example").value();
        hit.links = {subject(ListKind::Domain, ".bad.example")};
        hit.weight = 50;
        return {7, hit};
    }
};

TEST_F(ShownHitTest, SaysWhatItMay) {
    EXPECT_EQ(hit_text(show_hit(stored(), false)),
              "hit 7: mail, from mbox, in the hour from 2026-11-21T08:00:00Z\n"
              "  address      11.1.1.1 (mail.sender.example), HELO is a host name\n"
              "  signer       sender.example\n"
              "  links        .bad.example\n"
              "  weight       0.5\n"
              "  subject      0123456789abcdef\n"
              "    Received line 1: the first peer outside: at fault [outside]\n");
    EXPECT_EQ(hits_json({show_hit(stored(), false)}),
              R"({"hits":[{"number":7,"hour":"2026-11-21T08:00:00Z","kind":"mail",)"
              R"("sensor":"mbox","address":"11.1.1.1","name":"mail.sender.example",)"
              R"("helo":"a host name","signer":"sender.example","links":[".bad.example"],)"
              R"("weight":"0.5","subject_hash":"0123456789abcdef",)"
              R"("steps":["Received line 1: the first peer outside: at fault [outside]"]}]})"
              "\n");
}

// HELO, sensor, trap, mail and the exact time stand in nothing that is shown by default.
TEST_F(ShownHitTest, HidesWhatMayTellATrap) {
    const ShownHit shown = show_hit(stored(), false);
    for (const std::string& text : {hit_text(shown), hits_json({shown})}) {
        for (const char* secret : {"canary", "31337", "4711", "08:30"}) {
            EXPECT_THAT(text, Not(HasSubstr(secret)));
        }
    }
}

TEST_F(ShownHitTest, ShowsItInFull) {
    const ShownHit shown = show_hit(stored(), true);
    EXPECT_THAT(hit_text(shown), HasSubstr("  time         2026-11-21T08:30:15Z\n"
                                           "  sensor       mbox:canary.mbox\n"
                                           "  HELO         canary.example\n"
                                           "  trap         31337\n"
                                           "  mail         4711\n"));
    EXPECT_THAT(hits_json({shown}),
                HasSubstr(R"("full":{"time":"2026-11-21T08:30:15Z","sensor":"mbox:canary.mbox",)"
                          R"("helo":"canary.example","trap":31337,"mail":4711}})"));
}

TEST_F(ShownHitTest, AHeloCannotSteerATerminal) {
    StoredHit hit = stored();
    hit.hit.helo = "\x1b[2J";
    hit.hit.steps = {"\x1b[2J"};
    EXPECT_THAT(hit_text(show_hit(hit, true)), Not(HasSubstr("\x1b[2J")));
}

struct WeightCase {
    std::uint16_t weight;
    std::string text;
};

TEST_F(ShownHitTest, WeightsAreDecimal) {
    for (const WeightCase& row :
         {WeightCase{100, "1"}, WeightCase{50, "0.5"}, WeightCase{25, "0.25"},
          WeightCase{5, "0.05"}, WeightCase{0, "0"}, WeightCase{1230, "12.3"}}) {
        StoredHit hit = stored();
        hit.hit.weight = row.weight;
        EXPECT_EQ(show_hit(hit, false).weight, row.text);
    }
}

TEST_F(ShownHitTest, AHitOfAnotherKindHasNoHelo) {
    StoredHit hit = stored();
    hit.hit.kind = HitKind::Ssh;
    hit.hit.address.reset();
    hit.hit.peer_name.clear();
    EXPECT_THAT(hit_text(show_hit(hit, false)),
                HasSubstr("  address      none that may be listed\n"));
}

TEST_F(ShownHitTest, ASummaryCountsKindsAndHours) {
    std::vector<StoredHit> hits = {stored(), stored(), stored()};
    hits[1].hit.time.seconds += 7200;
    hits[1].hit.helo = "[11.1.1.1]";
    hits[2].hit.kind = HitKind::Report;
    hits[2].hit.peer_name.clear();
    Listing listing;
    listing.hits = 9;
    const EvidenceSummary summary = summarize(listing, hits);
    EXPECT_EQ(summary.hits, 9U);
    EXPECT_EQ(summary.kept, 3U);
    EXPECT_EQ(to_string(summary.first), "2026-11-21T08:00:00Z");
    EXPECT_EQ(to_string(summary.last), "2026-11-21T10:00:00Z");
    const std::map<std::string, std::uint64_t> kinds = {{"mail", 2}, {"report", 1}};
    const std::map<std::string, std::uint64_t> helos = {{"a host name", 1}, {"an address", 1}};
    const std::map<std::string, std::uint64_t> names = {{"mail.sender.example", 2}};
    EXPECT_EQ(summary.kinds, kinds);
    EXPECT_EQ(summary.helos, helos);
    EXPECT_EQ(summary.names, names);
}

TEST_F(ShownHitTest, ASummaryNamesNoMoreThanItsLimit) {
    std::vector<StoredHit> hits;
    for (std::size_t i = 0; i < 3 * kSummaryNamesMax; ++i) {
        hits.push_back(stored());
        hits.back().hit.peer_name = "h" + std::to_string(i) + ".example";
    }
    EXPECT_EQ(summarize(Listing{}, hits).names.size(), kSummaryNamesMax);
}

}  // namespace
}  // namespace fairlist::cli
