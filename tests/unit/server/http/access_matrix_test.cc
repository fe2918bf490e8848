// Every route by every method with every kind of token: the statuses are written by hand, and a
// route that has no rows here fails the test.

#include "tests/unit/server/http/http_site.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace fairlist::http {
namespace {

// What stands in Authorization.
constexpr std::array<std::string_view, 9> kTokens = {"",
                                                     "Bearer machine",
                                                     "Bearer provider",
                                                     "Bearer operator",
                                                     "Bearer none",
                                                     "Bearer unknown",
                                                     "Bearer broken",
                                                     "Basic machine",
                                                     "Bearer"};

struct Row {
    std::string method;
    std::string path;
    std::string pattern;  // of the route that is meant; empty: none
    std::array<unsigned, kTokens.size()> statuses;
};

const std::vector<Row> kRows = {
    // method     path            pattern         none mach prov oper role0 unkn brok basic empty
    {"GET", "/v1/health", "/v1/health", {200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"HEAD", "/v1/health", "/v1/health", {200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"POST", "/v1/health", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"DELETE", "/v1/health", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"OPTIONS", "/v1/health", "", {204, 204, 204, 204, 204, 204, 204, 204, 204}},

    {"POST", "/v1/hits", "/v1/hits", {401, 200, 403, 403, 403, 401, 503, 401, 401}},
    {"GET", "/v1/hits", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"HEAD", "/v1/hits", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"PUT", "/v1/hits", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"PATCH", "/v1/hits", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"DELETE", "/v1/hits", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"OPTIONS", "/v1/hits", "", {204, 204, 204, 204, 204, 204, 204, 204, 204}},
    {"BREW", "/v1/hits", "", {501, 501, 501, 501, 501, 501, 501, 501, 501}},

    {"POST", "/v1/reports", "/v1/reports", {401, 200, 403, 403, 403, 401, 503, 401, 401}},
    {"GET", "/v1/reports", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"PUT", "/v1/reports", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"DELETE", "/v1/reports", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"OPTIONS", "/v1/reports", "", {204, 204, 204, 204, 204, 204, 204, 204, 204}},

    // For the roles that have no routes of their own yet.
    {"GET", "/test/cases/7", "/test/cases/{case}", {401, 403, 200, 403, 403, 401, 503, 401, 401}},
    {"HEAD", "/test/cases/7", "/test/cases/{case}", {401, 403, 200, 403, 403, 401, 503, 401, 401}},
    {"DELETE",
     "/test/cases/7",
     "/test/cases/{case}",
     {401, 403, 403, 200, 403, 401, 503, 401, 401}},
    {"POST", "/test/cases/7", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},
    {"GET", "/test/both", "/test/both", {401, 403, 200, 200, 403, 401, 503, 401, 401}},
    {"POST", "/test/both", "", {405, 405, 405, 405, 405, 405, 405, 405, 405}},

    {"GET", "/v1/nothing", "", {404, 404, 404, 404, 404, 404, 404, 404, 404}},
    {"POST", "/v1/hits/", "", {404, 404, 404, 404, 404, 404, 404, 404, 404}},
};

class AccessMatrix : public HttpSite {
  protected:
    static std::string bytes_of(const Row& row, std::string_view token) {
        std::string fields;
        if (!token.empty()) {
            fields += "Authorization: " + std::string(token) + "\r\n";
        }
        const bool has_body = row.method == "POST" && row.path.starts_with("/v1/");
        if (has_body) {
            fields += "Content-Type: application/json\r\n";
        }
        return request(row.method + " " + row.path, fields, has_body ? "{}" : "");
    }
};

TEST_F(AccessMatrix, EveryRouteAndRole) {
    serve(settings());
    std::size_t let_in = 0;
    for (const Row& row : kRows) {
        for (std::size_t i = 0; i < kTokens.size(); ++i) {
            RawClient client(port());
            ASSERT_TRUE(client.say(bytes_of(row, kTokens.at(i))));
            const Answer answer = client.hear(row.method == "HEAD");
            EXPECT_EQ(answer.status, row.statuses.at(i))
                << row.method << " " << row.path << " \"" << kTokens.at(i) << "\"";
            EXPECT_EQ(answer.fields.contains("WWW-Authenticate"), answer.status == 401);
            EXPECT_EQ(answer.fields.contains("Allow"),
                      answer.status == 405 || answer.status == 204);
            EXPECT_EQ(answer.fields.contains("Retry-After"), answer.status == 503);
            if (row.path.starts_with("/v1/") && row.method == "POST" && answer.status == 200) {
                ++let_in;
            }
        }
    }
    // Nobody whose status was not 200 has reached the sink.
    EXPECT_EQ(sink_.taken.size(), let_in);
    EXPECT_EQ(let_in, 2U);
}

TEST(AccessMatrixRows, AreThereForEveryRoute) {
    SinkStub sink;
    std::vector<Route> routes = sensor_routes(sink);
    routes.push_back(health_route());
    for (const Route& route : routes) {
        const bool found = std::ranges::any_of(kRows, [&](const Row& row) {
            return row.method == to_string(route.method) && row.pattern == route.pattern;
        });
        EXPECT_TRUE(found) << route.pattern;
    }
}

}  // namespace
}  // namespace fairlist::http
