#include "server/http/sensor_routes.h"

#include "tests/unit/server/http/http_site.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::http {
namespace {

struct TypeCase {
    std::string name;
    std::string path;
    std::string type;  // the Content-Type field; empty: none
    unsigned status;
    std::string taken;  // what the sink sees
};

class SensorTypes : public HttpSite, public testing::WithParamInterface<TypeCase> {};

TEST_P(SensorTypes, AreThoseOfTheRoute) {
    const TypeCase& c = GetParam();
    serve(settings());
    RawClient client(port());
    std::string fields(kMachine);
    if (!c.type.empty()) {
        fields += "Content-Type: " + c.type + "\r\n";
    }
    const Answer answer = client.ask(request("POST " + c.path, fields, "body"));
    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.fields.contains("Accept"), c.status == 415);
    EXPECT_EQ(sink_.taken,
              c.taken.empty() ? std::vector<std::string>{} : std::vector<std::string>{c.taken});
}

const std::vector<TypeCase> kTypeCases = {
    {"hits_ndjson", "/v1/hits", "application/x-ndjson", 200, "the-machine hits body"},
    {"hits_jsonl", "/v1/hits", "application/jsonl", 200, "the-machine hits body"},
    {"hits_json", "/v1/hits", "Application/JSON ; charset=utf-8", 200, "the-machine hits body"},
    {"hits_text", "/v1/hits", "text/plain", 415, ""},
    {"hits_form", "/v1/hits", "application/x-www-form-urlencoded", 415, ""},
    {"hits_without", "/v1/hits", "", 415, ""},
    {"report_json", "/v1/reports", "application/json", 200, "the-machine application/json body"},
    {"report_mail", "/v1/reports", "message/rfc822", 200, "the-machine message/rfc822 body"},
    {"report_ndjson", "/v1/reports", "application/x-ndjson", 415, ""},
    {"report_html", "/v1/reports", "text/html", 415, ""},
};

INSTANTIATE_TEST_SUITE_P(Routes, SensorTypes, testing::ValuesIn(kTypeCases),
                         [](const auto& param) { return param.param.name; });

class SensorAnswers : public HttpSite {
  protected:
    Answer send() {
        serve(settings());
        RawClient client(port());
        return client.ask(
            request("POST /v1/hits", std::string(kMachine) + std::string(kLines), "{}"));
    }
};

TEST_F(SensorAnswers, CountsAndRefusedLines) {
    sink_.answer =
        Taken{.accepted = 3, .duplicates = 2, .refused = {{4, "no address"}, {9, "old"}}};
    EXPECT_EQ(send().body,
              R"({"accepted":3,"duplicates":2,"refused":[{"line":4,"why":"no address"},)"
              R"({"line":9,"why":"old"}],"refused_total":2})"
              "\n");
}

TEST_F(SensorAnswers, NameSomeRefusalsAndCountAll) {
    Taken taken;
    for (std::uint64_t line = 1; line <= 250; ++line) {
        taken.refused.push_back({line, "bad \xFF"});
    }
    sink_.answer = taken;
    const Answer answer = send();
    EXPECT_TRUE(answer.body.contains("{\"line\":100,\"why\":\"bad ?\"}]"));
    EXPECT_TRUE(answer.body.contains("\"refused_total\":250"));
}

TEST_F(SensorAnswers, NothingTakenIsAProblem) {
    sink_.answer = fail(Errc::Malformed, "the body is no UTF-8");
    const Answer answer = send();
    EXPECT_EQ(answer.status, 400U);
    EXPECT_TRUE(answer.body.contains("the body is no UTF-8"));
}

TEST_F(SensorAnswers, AStoreThatFailsIs503) {
    sink_.answer = fail(Errc::Io, "disk full at /var/lib");
    const Answer answer = send();
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.field("Retry-After"), "10");
    EXPECT_FALSE(answer.body.contains("disk"));
}

TEST_F(SensorAnswers, AnEmptyBodyIs400) {
    serve(settings());
    RawClient client(port());
    EXPECT_EQ(
        client.ask(request("POST /v1/hits", std::string(kMachine) + std::string(kLines))).status,
        400U);
    EXPECT_TRUE(sink_.taken.empty());
}

}  // namespace
}  // namespace fairlist::http
