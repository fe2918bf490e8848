#include "tools/fairlist/json_output.h"

#include <gtest/gtest.h>

#include <optional>

namespace fairlist::cli {
namespace {

// The shapes are those that fairlist(1) promises.

TEST(JsonOutput, ErrorHasCodeAndMessage) {
    EXPECT_EQ(error_json({Errc::NotFound, "list \"x\": none"}, {}),
              R"({"error":{"code":"not-found","message":"list \"x\": none"}})"
              "\n");
}

TEST(JsonOutput, ErrorOfAConfigurationHasItsFaults) {
    EXPECT_EQ(
        error_json({Errc::Malformed, "1 fault"}, {{"f.toml", 3, 9, "zone[0].ttl", "too long"}}),
        R"({"error":{"code":"malformed","message":"1 fault","faults":[{"file":"f.toml","line":3,)"
        R"("column":9,"where":"zone[0].ttl","what":"too long"}]}})"
        "\n");
}

TEST(JsonOutput, UsageHasACodeOfItsOwn) {
    EXPECT_EQ(usage_error_json({Errc::Malformed, "no"}),
              "{\"error\":{\"code\":\"usage\",\"message\":\"no\"}}\n");
}

TEST(JsonOutput, EntryHasTheListsCodeAndNullForWhatIsNotSet) {
    config::Config config;
    ListSpec list;
    list.name = "sbl";
    config.lists = {list};
    EntryView view;
    view.list = "sbl";
    view.source = "manual";
    view.entry.subject = parse_prefix("192.0.2.0/24").value();
    view.entry.since = parse_time("2026-11-01").value();
    view.entry.verdict.reason = "caf\xE9";
    EXPECT_EQ(entries_json({{view}, "t"}, config),
              R"({"entries":[{"list":"sbl","source":"manual","subject":"192.0.2.0/24",)"
              R"("exempt":false,"code":"127.0.0.2","ttl_seconds":null,)"
              "\"reason\":\"caf\xEF\xBF\xBD\","
              R"("since":"2026-11-01T00:00:00Z","until":null}],"next":"t"})"
              "\n");
}

TEST(JsonOutput, LastPageHasNoNext) {
    EXPECT_EQ(entries_json({{}, ""}, {}), "{\"entries\":[],\"next\":null}\n");
}

TEST(JsonOutput, OutcomeIsAChangeOrAnError) {
    EXPECT_EQ(
        outcomes_json("sbl", {{"192.0.2.1", "", "added", 1, std::nullopt, "", ""},
                              {"x", "stdin:2", "", 0, Error{Errc::Malformed, "bad"}, "", ""}}),
        R"({"list":"sbl","results":[)"
        R"({"subject":"192.0.2.1","where":null,"change":"added","entries":1,"note":null},)"
        R"({"subject":"x","where":"stdin:2","error":{"code":"malformed","message":"bad"}}]})"
        "\n");
}

TEST(JsonOutput, BulkChangeHasItsCounts) {
    JournalItem item;
    item.number = 7;
    item.time = parse_time("2026-11-01").value();
    item.actor = "feed:drop";
    item.is_bulk = true;
    item.bulk_list = "sbl";
    item.bulk_source = "drop";
    item.bulk_added = 3;
    EXPECT_EQ(
        journal_json({{item}, 9, 4, 2}),
        R"({"head":9,"older":4,"newer":2,"changes":[{"number":7,"time":"2026-11-01T00:00:00Z",)"
        R"("actor":"feed:drop","change":"bulk","list":"sbl","source":"drop",)"
        R"("added":3,"changed":0,"removed":0}]})"
        "\n");
}

TEST(JsonOutput, DigestHasItsNames) {
    EXPECT_EQ(digests_json({{"A@b.example", "a@b.example", "00._email", {"00._email.z"}}}),
              R"({"digests":[{"value":"A@b.example","canonical":"a@b.example",)"
              R"("digest":"00._email","names":["00._email.z"]}]})"
              "\n");
}

}  // namespace
}  // namespace fairlist::cli
