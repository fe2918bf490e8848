#include "tools/fairlist/listing_text.h"

#include "server/shown/listing_json.h"
#include "tests/unit/tools/fairlist/ledger_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// A rule that needs three hits of two traps, and the mail that reaches that.
class ListingText : public LedgerScene {
  protected:
    Listing listed_by_rule() {
        record(mail(1, 1, "11.1.1.1"));
        record(mail(2, 2, "11.1.1.1"));
        now_.seconds += 7200;
        record(mail(3, 1, "11.1.1.1"));
        return ledger_->latest("css", subject(ListKind::Address, "11.1.1.1")).value();
    }
    std::string shown(const Listing& listing) {
        return listing_text(view_listing(*ledger_, config_, listing), now_);
    }
};

TEST_F(ListingText, OfAPersonsListing) {
    const Listing listing = open("css", subject(ListKind::Address, "11.1.1.1"),
                                 parse_time("2026-11-28T08:30:15Z").value());
    EXPECT_EQ(shown(listing),
              "listing 1: 11.1.1.1 in list css: open\n"
              "  since        2026-11-21T08:30:15Z, for the 1st time\n"
              "  end          ends by itself at 2026-11-28T08:30:15Z; at once with \"fairlist "
              "listing remove 1\"\n"
              "  opened by    operator:anna\n"
              "  answers      127.0.0.2\n"
              "  reason       11.1.1.1 hit traps\n"
              "  evidence     no hits\n"
              "  2026-11-21T08:30:15Z  opened, until 2026-11-28T08:30:15Z, by operator:anna: "
              "ticket 9\n");
    EXPECT_EQ(listings_table({listing}, now_),
              "NUMBER  LIST  SUBJECT   STATE  SINCE                 UNTIL                 TIMES  "
              "HITS  OPENED BY\n"
              "     1  css   11.1.1.1  open   2026-11-21T08:30:15Z  2026-11-28T08:30:15Z      1  "
              "   0  operator:anna\n");
}

TEST_F(ListingText, OfARulesListingSaysWhyAndOnWhatItRests) {
    const std::string text = shown(listed_by_rule());
    EXPECT_THAT(text, HasSubstr("listing 1: 11.1.1.1 in list css: open\n"
                                "  since        2026-11-21T10:30:15Z, for the 1st time\n"
                                "  end          ends by itself at 2026-11-22T10:30:15Z; at once "
                                "with \"fairlist listing remove 1\"\n"
                                "  opened by    sensor:mbox\n"
                                "  rule         css: list css, target address, 3 hits of 2 traps "
                                "in 1d, lifetimes 1d 3d 1w 30d, reset 180d\n"));
    EXPECT_THAT(text, HasSubstr("  evidence     3 hits, the first kept one in the hour from "
                                "2026-11-21T08:00:00Z, the last from 2026-11-21T10:00:00Z\n"
                                "  kinds        3 mail\n"
                                "  HELO         3 a host name\n"
                                "  PTR          mail.sender.example\n"));
    EXPECT_THAT(text, HasSubstr("opened, until 2026-11-22T10:30:15Z, by sensor:mbox: rule css\n"));
    EXPECT_THAT(text, Not(HasSubstr("canary")));
}

TEST_F(ListingText, ExplainsWithTheStepsOfRulesAndHits) {
    const Listing listing = listed_by_rule();
    ASSERT_TRUE(ledger_->suspend({.name = "operator:anna"}, listing.id).has_value());
    const auto events = ledger_->history(listing.id);
    std::vector<ShownHit> hits;
    for (const StoredHit& stored : ledger_->evidence(listing.id, 10)) {
        hits.push_back(show_hit(stored, false));
    }
    const std::string text = listing_explanation(listing, events, hits, now_);
    // The figures of the rule: what was seen and what was needed.
    EXPECT_THAT(events.front().steps, Not(testing::IsEmpty()));
    for (const std::string& step : events.front().steps) {
        EXPECT_THAT(text, HasSubstr("    " + step + "\n"));
    }
    EXPECT_THAT(text, HasSubstr("    hits 3 2 1\n"));
    EXPECT_THAT(text, HasSubstr("hit 3: mail, from mbox, in the hour from 2026-11-21T10:00:00Z\n"));
    EXPECT_THAT(text,
                HasSubstr("    Received line 1: the first peer outside: at fault [outside]\n"));
    // A suspension explains nothing, but is history.
    EXPECT_THAT(text, Not(HasSubstr("suspended, until")));
    EXPECT_THAT(history_text(listing, events, now_), HasSubstr("suspended, until"));
    EXPECT_THAT(text, Not(HasSubstr("canary")));
}

TEST_F(ListingText, NamesEarlierListings) {
    const Subject what = subject(ListKind::Address, "11.1.1.1");
    open("css", what, Time{now_.seconds + 60});
    now_.seconds += 3600;
    ASSERT_EQ(ledger_->expire(10).expired, 1U);
    const Listing second = open("css", what);
    EXPECT_EQ(second.id, 2U);
    EXPECT_THAT(shown(second),
                HasSubstr("  earlier      listing 1: expired, 2026-11-21T08:30:15Z to "
                          "2026-11-21T09:30:15Z, by operator:anna\n"));
}

struct EndCase {
    std::string name;
    ListingState state;
    bool ends;
    bool passed;
    std::string line;
};

class EndOfAListing : public testing::TestWithParam<EndCase> {};

TEST_P(EndOfAListing, IsSaidWithWhatBringsIt) {
    const Time now{1'700'000'000};
    Listing listing;
    listing.id = 12;
    listing.list = "css";
    listing.subject = parse_prefix("11.1.1.1").value();
    listing.state = GetParam().state;
    listing.rule = "css";
    listing.times = 2;
    listing.changed = now;
    listing.notice_until = Time{now.seconds + 600};
    listing.until =
        !GetParam().ends ? Time{} : Time{GetParam().passed ? now.seconds : now.seconds + 3600};
    EXPECT_EQ(listing_line(listing, now), "listing 12: " + GetParam().line);
}

// 1700000000 is 2023-11-14T22:13:20Z (date -u -d @1700000000).
INSTANTIATE_TEST_SUITE_P(
    ListingText, EndOfAListing,
    testing::Values(
        EndCase{"open", ListingState::Open, true, false,
                "open, by rule css, 2nd time; ends by itself at 2023-11-14T23:13:20Z; at once with "
                "\"fairlist listing remove 12\""},
        EndCase{"open_for_good", ListingState::Open, false, false,
                "open, by rule css, 2nd time; ends not by itself; at once with \"fairlist listing "
                "remove 12\""},
        EndCase{"past_its_end", ListingState::Open, true, true,
                "ended, by rule css, 2nd time; ended by itself at 2023-11-14T22:13:20Z; the next "
                "\"fairlist sweep\" notes it"},
        EndCase{"noticed", ListingState::Noticed, true, false,
                "noticed, by rule css, 2nd time; ends its owner was told, nothing answers: listed "
                "if hits go on after 2023-11-14T22:23:20Z, else this lapses at "
                "2023-11-14T23:13:20Z"},
        EndCase{"suspended", ListingState::Suspended, true, false,
                "suspended, by rule css, 2nd time; ends by itself at 2023-11-14T23:13:20Z; answers "
                "nothing until \"fairlist listing resume 12\"; for good with \"fairlist listing "
                "remove 12\""},
        EndCase{"expired", ListingState::Expired, true, true,
                "expired, by rule css, 2nd time; ended by itself at 2023-11-14T22:13:20Z"},
        EndCase{"removed", ListingState::Removed, true, false,
                "removed, by rule css, 2nd time; was removed at 2023-11-14T22:13:20Z"},
        EndCase{"exempted", ListingState::Exempted, false, false,
                "exempted, by rule css, 2nd time; was exempted at 2023-11-14T22:13:20Z; to lift "
                "that: \"fairlist remove css 11.1.1.1 --exemption\""}),
    [](const auto& param) { return param.param.name; });

TEST_F(ListingText, TextOfOthersCannotSteerATerminal) {
    Listing listing = open("css", subject(ListKind::Address, "11.1.1.1"));
    listing.opened_by = "sensor:\x1b[2J";
    listing.reason = "\x1b[2J";
    ListingView view = view_listing(*ledger_, config_, listing);
    view.events[0].why = "\x1b[2J";
    view.events[0].steps = {"\x1b[2J"};
    for (const std::string& text :
         {listing_text(view, now_), history_text(listing, view.events, now_),
          listing_line(listing, now_), listings_table({listing}, now_)}) {
        EXPECT_THAT(text, Not(HasSubstr("\x1b[2J")));
    }
}

// The shapes are those that fairlist(1) promises.

constexpr const char* kListing =
    R"("number":1,"list":"css","subject":"11.1.1.1","kind":"address","state":"open",)"
    R"("in_force":true,"since":"2026-11-21T08:30:15Z","changed":"2026-11-21T08:30:15Z",)"
    R"("until":"2026-11-28T08:30:15Z","notice_until":null,"opened_by":"operator:anna",)"
    R"("rule":null,"code":null,"ttl_seconds":null,"reason":"","earlier":null,"times":1,)"
    R"("hits":0,"last_hit_hour":null,"asn":null)";
constexpr const char* kEvent =
    R"({"time":"2026-11-21T08:30:15Z","action":"opened","state":"open",)"
    R"("until":"2026-11-28T08:30:15Z","actor":"operator:anna","why":"ticket 9","steps":[],)"
    R"("hits":[]})";

TEST_F(ListingText, JsonOfAListing) {
    const Listing listing = open("css", subject(ListKind::Address, "11.1.1.1"),
                                 parse_time("2026-11-28T08:30:15Z").value());
    const std::string object = "{" + std::string(kListing) + "}";
    EXPECT_EQ(listings_json({{listing}, "1"}, now_),
              "{\"listings\":[" + object + "],\"next\":\"1\"}\n");
    EXPECT_EQ(listing_views_json({view_listing(*ledger_, config_, listing)}, now_),
              "{\"listings\":[{" + std::string(kListing) +
                  R"(,"answers":"127.0.0.2","text":"11.1.1.1 hit traps","rule_text":null,)"
                  R"("before":[],"evidence":{"hits":0,"kept":0,"first_hour":null,)"
                  R"("last_hour":null,"kinds":{},"helos":{},"names":{}},"events":[)" +
                  kEvent + "]}]}\n");
    EXPECT_EQ(histories_json({{listing, ledger_->history(1), {}}}, now_),
              "{\"listings\":[{" + std::string(kListing) + ",\"events\":[" + kEvent + "]}]}\n");
    EXPECT_EQ(listing_explanations_json({{listing, ledger_->history(1), {}}}, now_),
              "{\"listings\":[{" + std::string(kListing) + ",\"events\":[" + kEvent +
                  "],\"evidence\":[]}]}\n");
    const ListingOutcome good{"1", "", "extended", listing, std::nullopt};
    const ListingOutcome bad{"x", "stdin:2", "", std::nullopt, Error{Errc::NotFound, "none"}};
    EXPECT_EQ(listing_outcomes_json({good, bad}, now_),
              R"({"results":[{"asked":"1","where":null,"change":"extended","listing":)" + object +
                  R"(},{"asked":"x","where":"stdin:2","error":{"code":"not-found",)"
                  R"("message":"none"}}]})"
                  "\n");
}

TEST_F(ListingText, AnEndThatHasPassedIsNotInForce) {
    const Listing listing =
        open("css", subject(ListKind::Address, "11.1.1.1"), Time{now_.seconds + 60});
    EXPECT_TRUE(is_in_force(listing, now_));
    EXPECT_FALSE(is_in_force(listing, Time{now_.seconds + 60}));
    EXPECT_EQ(state_word(listing, Time{now_.seconds + 60}), "ended");
}

}  // namespace
}  // namespace fairlist::cli
