// What is the same around every route: ETags, pages, idempotency keys, the second person, limits.

#include "tests/unit/server/api/api_site.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::api {
namespace {

using Service = ApiSite;

std::string entry(const std::string& subject) {
    return R"({"list":"css","subject":")" + subject + R"(","reason":"seen"})";
}

TEST_F(Service, AnswersNotModifiedWhileTheBytesAreTheSame) {
    const Asked lists{.target = "/v1/lists"};
    const std::string etag = field(ask(lists), "ETag");
    EXPECT_EQ(etag.size(), 34U);
    EXPECT_EQ(ask({.target = "/v1/lists", .if_none_match = etag}).status, 304U);
    EXPECT_EQ(ask({.target = "/v1/lists", .if_none_match = "\"other\", W/" + etag}).status, 304U);
    EXPECT_EQ(ask({.target = "/v1/lists", .if_none_match = "\"other\""}).status, 200U);
    json({.method = "POST",
          .target = "/v1/entries",
          .token = "anna",
          .body = entry("198.51.100.9")});
    EXPECT_EQ(ask({.target = "/v1/lists", .if_none_match = etag}).status, 200U);
}

TEST_F(Service, ChangesOnlyTheStateThatIfMatchNames) {
    const std::string path = "/v1/providers/example-cloud";
    const std::string etag = field(ask({.target = path, .token = "anna"}), "ETag");
    const Asked change{.method = "PUT",
                       .target = path,
                       .token = "anna",
                       .body = R"({"name":"Another"})",
                       .if_match = etag};
    json(change);
    const auto stale = json(change, 412);
    EXPECT_EQ(stale.at("type"), "/v1/problems/stale");
    EXPECT_EQ(json({.target = path, .token = "anna"}).at("name"), "Another");
}

TEST_F(Service, PagesLeadThroughAllAndNamesNoneTwice) {
    std::vector<std::string> added;
    for (int i = 0; i < 7; ++i) {
        added.push_back("198.51.100." + std::to_string(i));
        json({.method = "POST",
              .target = "/v1/entries",
              .token = "anna",
              .body = entry(added.back())});
    }
    std::vector<std::string> seen;
    std::string target = "/v1/entries?limit=3&list=css";
    for (int pages = 0; pages < 10 && !target.empty(); ++pages) {
        const http::Response response = ask({.target = target, .token = "anna"});
        ASSERT_EQ(response.status, 200U) << response.body;
        const auto page = boost::json::parse(response.body);
        for (const auto& one : page.at("entries").as_array()) {
            seen.emplace_back(one.at("subject").as_string());
        }
        const std::string link = field(response, "Link");
        EXPECT_EQ(link.empty(), page.at("next").is_null());
        target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    EXPECT_EQ(seen, added);
}

TEST_F(Service, DoesTheSameKeyedRequestOnce) {
    const Asked add{.method = "POST",
                    .target = "/v1/providers",
                    .token = "anna",
                    .body = R"({"slug":"third-cloud","name":"Third"})",
                    .key = "k-1"};
    const http::Response first = ask(add);
    EXPECT_EQ(first.status, 201U);
    const http::Response second = ask(add);
    EXPECT_EQ(second.status, 201U);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(field(second, "Idempotency-Replayed"), "true");
    Asked other = add;
    other.body = R"({"slug":"fourth-cloud","name":"Fourth"})";
    EXPECT_EQ(json(other, 422).at("type"), "/v1/problems/key-reused");
    // Another one's key is another key.
    other.token = "bob";
    EXPECT_EQ(ask(other).status, 201U);
    // Without the key it is done again.
    Asked again = add;
    again.key.clear();
    EXPECT_EQ(ask(again).status, 409U);
}

TEST_F(Service, KeepsAnAnswerForADayAndOverARestart) {
    const Asked add{.method = "POST",
                    .target = "/v1/tokens",
                    .token = "anna",
                    .body = R"({"name":"web","role":"machine"})",
                    .key = "once"};
    const http::Response first = ask(add);
    EXPECT_EQ(first.status, 201U);
    build();  // another process, as far as keys go
    EXPECT_EQ(ask(add).body, first.body);
    vault.pass(Idempotency::kKeepSeconds + 1);
    EXPECT_EQ(ask(add).status, 409U);  // done again: the name is taken
}

TEST_F(Service, AWideListingTakesASecondPerson) {
    const Asked wide{.method = "POST",
                     .target = "/v1/listings",
                     .token = "anna",
                     .body = R"({"list":"css","subject":"198.51.0.0/16","reason":"all of it"})"};
    site.options.protected_space = ProtectedSpace({}, {*parse_prefix("198.51.100.0/24")});
    build();
    const auto waits = json(wide, 202);
    EXPECT_EQ(waits.at("state"), "waiting");
    EXPECT_NE(std::string(waits.at("touches").as_string()).find("65536 addresses"),
              std::string::npos);
    EXPECT_TRUE(
        json({.target = "/v1/listings", .token = "anna"}).at("listings").as_array().empty());
    const std::string path = "/v1/approvals/1/approve";
    const auto same = json({.method = "POST", .target = path, .token = "anna"}, 403);
    EXPECT_EQ(same.at("type"), "/v1/problems/same-person");
    const auto done = json({.method = "POST", .target = path, .token = "bob"});
    EXPECT_EQ(done.at("state"), "done") << done.at("outcome");
    EXPECT_EQ(done.at("result").at("subject"), "198.51.0.0/16");
    EXPECT_EQ(done.at("result").at("opened_by"), "operator:anna");
    json({.method = "POST", .target = path, .token = "bob"}, 409);
    // Both stand in the audit log.
    std::string actions;
    const auto audit = json({.target = "/v1/audit?limit=1000", .token = "anna"});
    for (const auto& record : audit.at("records").as_array()) {
        actions += std::string(record.at("actor").as_string()) + " " +
                   std::string(record.at("action").as_string()) + " " +
                   std::string(record.at("from").as_string()) + "\n";
    }
    EXPECT_NE(actions.find("operator:anna approval.ask"), std::string::npos) << actions;
    EXPECT_NE(actions.find("operator:bob approval.approve"), std::string::npos) << actions;
    EXPECT_NE(actions.find("approved by operator:bob (approval 1)"), std::string::npos) << actions;
}

TEST_F(Service, AnApprovalEndsAfterSevenDays) {
    const Asked wide{
        .method = "POST", .target = "/v1/entries", .token = "anna", .body = entry("198.51.0.0/17")};
    json(wide, 202);
    site.now.seconds += ApprovalBook::kLifetimeSeconds;
    json({.method = "POST", .target = "/v1/approvals/1/approve", .token = "bob"}, 409);
    EXPECT_EQ(json({.target = "/v1/approvals/1", .token = "bob"}).at("state"), "lapsed");
}

TEST_F(Service, TellsEveryFaultOfABody) {
    const auto problem = json({.method = "POST",
                               .target = "/v1/entries",
                               .token = "anna",
                               .body = R"({"subject":7,"for":"never","reson":"x"})"},
                              400);
    EXPECT_EQ(problem.at("type"), "/v1/problems/bad-body");
    std::string where;
    for (const auto& fault : problem.at("errors").as_array()) {
        where += std::string(fault.at("where").as_string()) + " ";
    }
    EXPECT_EQ(where, "list subject for reson ");
}

TEST_F(Service, AnotherProvidersReportIsNone) {
    site.store.environment().write([&](store::WriteTxn& txn) {
        queue_report(txn, "example-cloud", "css", 1, Prefix::single(*parse_address("198.51.100.9")),
                     ReportCause::Listed, site.now, site.now);
    });
    EXPECT_EQ(json({.target = "/v1/provider/reports/1", .token = "provider"}).at("report"), 1);
    json({.target = "/v1/provider/reports/1", .token = "other"}, 404);
    EXPECT_TRUE(json({.target = "/v1/provider/reports", .token = "other"})
                    .at("reports")
                    .as_array()
                    .empty());
    const std::string path = "/v1/provider/reports/1/answers";
    const std::string body = R"({"kind":"fixed","text":"closed the account"})";
    json({.method = "POST", .target = path, .token = "other", .body = body}, 404);
    const auto answered =
        json({.method = "POST", .target = path, .token = "provider", .body = body}, 201);
    EXPECT_EQ(answered.at("answers").at(0).at("kind"), "fixed");
}

TEST_F(Service, AFloodingAddressGetsNoMoreThanItsShare) {
    build({{{1, 3}, {1, 5}, 1}, {{1, 10}, {5, 50}, 10}});
    unsigned served = 0;
    for (int i = 0; i < 20; ++i) {
        served += ask({.target = "/v1/lists"}).status == 200 ? 1U : 0U;
    }
    EXPECT_GE(served, 3U);
    EXPECT_LT(served, 20U);
    const http::Response refused = ask({.target = "/v1/lists"});
    EXPECT_EQ(refused.status, 429U);
    EXPECT_FALSE(field(refused, "Retry-After").empty());
    EXPECT_EQ(ask({.target = "/v1/lists", .peer = "203.0.113.9"}).status, 200U);
}

TEST_F(Service, ALookupSaysNoMinuteAndNoName) {
    json({.method = "POST",
          .target = "/v1/listings",
          .token = "anna",
          .body = R"({"list":"css","subject":"198.51.100.9","reason":"seen","for":"1d"})"},
         201);
    const http::Response response = ask({.target = "/v1/lookup/198.51.100.9"});
    const auto found = boost::json::parse(response.body);
    EXPECT_TRUE(found.at("listed").as_bool());
    const auto& shown = found.at("lists").at(0).at("entries").at(0);
    EXPECT_EQ(shown.at("why"), "seen");
    EXPECT_EQ(shown.at("on_whose_word"), "an operator of this list");
    const std::string since(shown.at("since").as_string());
    EXPECT_EQ(since.substr(14), "00:00Z");
    EXPECT_EQ(std::string(shown.at("until").as_string()).substr(14), "00:00Z");
    EXPECT_EQ(response.body.find("anna"), std::string::npos);
}

}  // namespace
}  // namespace fairlist::api
