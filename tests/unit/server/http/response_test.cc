#include "server/http/problem.h"
#include "server/http/response_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::http {
namespace {

TEST(HttpDate, OfTheRfc) {
    // RFC 9110 section 5.6.7.
    EXPECT_EQ(http_date({784'111'777}), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date({0}), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(http_date({951'782'400}), "Tue, 29 Feb 2000 00:00:00 GMT");
    EXPECT_EQ(http_date({4'294'967'295}), "Sun, 07 Feb 2106 06:28:15 GMT");
}

TEST(HeadText, OfAnAnswer) {
    const Response response{
        .status = 405, .content_type = "text/plain", .body = "no", .headers = {{"Allow", "GET"}}};
    EXPECT_EQ(head_text(response, {.date = {784'111'777}, .close = true}),
              "HTTP/1.1 405 Method Not Allowed\r\n"
              "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Length: 2\r\n"
              "Content-Type: text/plain\r\n"
              "X-Content-Type-Options: nosniff\r\n"
              "Cache-Control: no-store\r\n"
              "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
              "Referrer-Policy: no-referrer\r\n"
              "Allow: GET\r\n"
              "Connection: close\r\n\r\n");
}

TEST(HeadText, HandlersReplaceDefaults) {
    const Response response{.status = 200,
                            .content_type = "text/html",
                            .body = "",
                            .headers = {{"cache-control", "max-age=60"}}};
    const std::string text = head_text(response, {.date = {1}, .close = false});
    EXPECT_TRUE(text.contains("\r\ncache-control: max-age=60\r\n"));
    EXPECT_FALSE(text.contains("no-store"));
    EXPECT_FALSE(text.contains("Connection"));
}

struct SendableCase {
    std::string name;
    Response response;
    bool is_sendable;
};

class Sendable : public testing::TestWithParam<SendableCase> {};

TEST_P(Sendable, Response) {
    EXPECT_EQ(is_sendable(GetParam().response), GetParam().is_sendable);
}

Response with(const std::string& name, const std::string& value) {
    return {.status = 200, .content_type = "", .body = "", .headers = {{name, value}}};
}

const std::vector<SendableCase> kSendableCases = {
    {"plain", {}, true},
    {"field", with("Location", "/a?b=c"), true},
    {"line_break_in_value", with("Location", "a\r\nb: c"), false},
    {"line_feed_in_value", with("Location", "a\nb"), false},
    {"beyond_ascii", with("Location", "\xC3\xA4"), false},
    {"line_break_in_name", with("A\r\nB", "c"), false},
    {"colon_in_name", with("A:", "c"), false},
    {"empty_name", with("", "c"), false},
    {"length", with("content-length", "0"), false},
    {"coding", with("Transfer-Encoding", "chunked"), false},
    {"server", with("Server", "fairlist/1.0"), false},
    {"line_break_in_type",
     {.status = 200, .content_type = "a/b\r\nc: d", .body = "", .headers = {}},
     false},
    {"informational", {.status = 100, .content_type = "", .body = "", .headers = {}}, false},
    {"no_status", {.status = 0, .content_type = "", .body = "", .headers = {}}, false},
    {"body_of_204", {.status = 204, .content_type = "", .body = "a", .headers = {}}, false},
};

INSTANTIATE_TEST_SUITE_P(Fields, Sendable, testing::ValuesIn(kSendableCases),
                         [](const auto& param) { return param.param.name; });

// RFC 9457 section 3.1.
TEST(Problem, IsJson) {
    EXPECT_EQ(problem(404, "no \"x\"").body,
              R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no \"x\""})"
              "\n");
    EXPECT_EQ(problem(404, "").content_type, "application/problem+json");
    EXPECT_EQ(
        to_response({.status = 400, .detail = "a", .errors = {{7, "b"}}, .type = "urn:x"}).body,
        R"({"type":"urn:x","title":"Bad Request","status":400,"detail":"a",)"
        R"("errors":[{"line":7,"why":"b"}]})"
        "\n");
}

TEST(Problem, ShowsNoBytesThatAreNoText) {
    EXPECT_EQ(plain_text("a\xFF\n\0b\x7F~"), "a??") << "a literal ends at its zero";
    EXPECT_EQ(plain_text(std::string_view("a\0b", 3)), "a?b");
    EXPECT_EQ(plain_text(std::string(kFaultTextMax + 1, 'x')), std::string(kFaultTextMax, 'x'));
    EXPECT_TRUE(problem(400, "\xC3").body.contains("\"detail\":\"?\""));
}

TEST(Problem, NamesSoManyFaultsAtMost) {
    Problem many{.status = 400, .detail = "", .errors = {}};
    for (std::uint64_t line = 1; line <= kLineFaultsShown + 1; ++line) {
        many.errors.push_back({line, "x"});
    }
    const std::string body = to_response(many).body;
    EXPECT_TRUE(body.contains("{\"line\":100,"));
    EXPECT_FALSE(body.contains("{\"line\":101,"));
}

struct ErrorCase {
    std::string name;
    Errc code;
    unsigned status;
};

class ProblemOf : public testing::TestWithParam<ErrorCase> {};

TEST_P(ProblemOf, Error) {
    const Response response = problem_of({GetParam().code, "the reason"}, 7);
    EXPECT_EQ(response.status, GetParam().status);
    // What broke here is nothing for the client.
    EXPECT_EQ(response.body.contains("the reason"), GetParam().code != Errc::Io);
    EXPECT_EQ(response.headers.size(), GetParam().code == Errc::Io ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Codes, ProblemOf,
                         testing::Values(ErrorCase{"malformed", Errc::Malformed, 400},
                                         ErrorCase{"out_of_range", Errc::OutOfRange, 400},
                                         ErrorCase{"not_found", Errc::NotFound, 404},
                                         ErrorCase{"conflict", Errc::Conflict, 409},
                                         ErrorCase{"refused", Errc::Refused, 403},
                                         ErrorCase{"io", Errc::Io, 503}),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::http
