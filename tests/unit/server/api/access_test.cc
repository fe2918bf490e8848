// Every route by every kind of token. Who is let in is written by hand; a route without a row here,
// and a row without a route, fail.

#include "server/api/api_route.h"
#include "tests/unit/server/api/api_site.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

namespace fairlist::api {
namespace {

// "*" is everybody; else letters: m machine, p provider, o operator.
const std::map<std::string, std::string> kAccess = {
    {"GET /v1/lookup/{subject}", "*"},
    {"GET /v1/lists", "*"},
    {"GET /v1/zones", "*"},
    {"GET /v1/problems/{kind}", "*"},
    {"GET /v1/openapi.json", "*"},
    {"GET /v1/health", "*"},
    {"POST /v1/hits", "m"},
    {"POST /v1/reports", "m"},
    {"GET /v1/metrics", "mo"},
    {"GET /v1/listings", "o"},
    {"GET /v1/listings/{id}", "o"},
    {"GET /v1/listings/{id}/history", "o"},
    {"GET /v1/listings/{id}/evidence", "o"},
    {"POST /v1/listings", "o"},
    {"POST /v1/listings/{id}/suspend", "o"},
    {"POST /v1/listings/{id}/resume", "o"},
    {"POST /v1/listings/{id}/extend", "o"},
    {"POST /v1/listings/{id}/remove", "o"},
    {"POST /v1/listings/{id}/exempt", "o"},
    {"GET /v1/entries", "o"},
    {"POST /v1/entries", "o"},
    {"DELETE /v1/entries", "o"},
    {"GET /v1/feeds", "o"},
    {"GET /v1/feeds/{feed}", "o"},
    {"POST /v1/feeds/{feed}/approve", "o"},
    {"POST /v1/feeds/{feed}/rollback", "o"},
    {"GET /v1/status", "o"},
    {"GET /v1/audit", "o"},
    {"GET /v1/journal", "o"},
    {"GET /v1/rules", "o"},
    {"GET /v1/stats", "o"},
    {"POST /v1/sweep", "o"},
    {"GET /v1/tokens", "o"},
    {"POST /v1/tokens", "o"},
    {"DELETE /v1/tokens/{name}", "o"},
    {"GET /v1/approvals", "o"},
    {"GET /v1/approvals/{id}", "o"},
    {"POST /v1/approvals/{id}/approve", "o"},
    {"POST /v1/approvals/{id}/refuse", "o"},
    {"GET /v1/providers", "o"},
    {"POST /v1/providers", "o"},
    {"GET /v1/providers/{provider}", "o"},
    {"PUT /v1/providers/{provider}", "o"},
    {"DELETE /v1/providers/{provider}", "o"},
    {"GET /v1/providers/{provider}/space", "o"},
    {"POST /v1/providers/{provider}/space", "o"},
    {"DELETE /v1/providers/{provider}/space", "o"},
    {"GET /v1/providers/{provider}/policy", "o"},
    {"PUT /v1/providers/{provider}/policy", "o"},
    {"DELETE /v1/providers/{provider}/policy", "o"},
    {"GET /v1/providers/{provider}/policy/versions", "o"},
    {"GET /v1/providers/{provider}/policy/conflicts", "o"},
    {"POST /v1/providers/{provider}/policy/approve", "o"},
    {"GET /v1/reports", "o"},
    {"GET /v1/reports/{id}", "o"},
    {"POST /v1/reports/{id}/answers", "o"},
    {"GET /v1/standing", "*"},
    {"GET /v1/providers/{provider}/standing", "o"},
    {"GET /v1/providers/{provider}/standing/history", "o"},
    {"GET /v1/provider/standing", "p"},
    {"GET /v1/provider/standing/history", "p"},
    {"POST /v1/removals", "*"},
    {"GET /v1/removals/{key}", "*"},
    {"POST /v1/removals/{key}/proof", "*"},
    {"POST /v1/removals/{key}/appeal", "*"},
    {"GET /v1/removal-queue", "o"},
    {"GET /v1/removal-queue/{id}", "o"},
    {"POST /v1/removal-queue/{id}/grant", "o"},
    {"POST /v1/removal-queue/{id}/refuse", "o"},
    {"GET /v1/provider/removals", "p"},
    {"POST /v1/provider/removals", "p"},
    {"POST /v1/provider/removals/{id}/grant", "p"},
    {"POST /v1/provider/attests", "p"},
    {"GET /v1/provider/space", "p"},
    {"GET /v1/provider/policy", "p"},
    {"PUT /v1/provider/policy", "p"},
    {"DELETE /v1/provider/policy", "p"},
    {"GET /v1/provider/policy/versions", "p"},
    {"GET /v1/provider/policy/conflicts", "p"},
    {"GET /v1/provider/exemptions", "p"},
    {"POST /v1/provider/exemptions", "p"},
    {"DELETE /v1/provider/exemptions", "p"},
    {"GET /v1/provider/reports", "p"},
    {"GET /v1/provider/reports/{id}", "p"},
    {"POST /v1/provider/reports/{id}/answers", "p"},
};

std::string name_of(const ApiRoute& route) {
    return std::string(to_string(route.method)) + " " + route.pattern;
}

// The pattern with something in its braces that is nowhere.
std::string path_of(const std::string& pattern) {
    std::string path;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '{') {
            path += "999";
            at = pattern.find('}', at);
        } else {
            path += pattern[at];
        }
    }
    return path;
}

struct Token {
    std::string name;
    char letter;  // "-": of nobody
};
const std::array kTokens = {Token{"", '-'},       Token{"machine", 'm'}, Token{"provider", 'p'},
                            Token{"other", 'p'},  Token{"anna", 'o'},    Token{"revoked", '-'},
                            Token{"expired", '-'}};

using ApiAccess = ApiSite;

TEST_F(ApiAccess, EveryRouteHasARowAndEveryRowARoute) {
    std::set<std::string> served;
    for (const ApiRoute& route : service->table()) {
        served.insert(name_of(route));
        EXPECT_TRUE(kAccess.contains(name_of(route))) << name_of(route) << ": nobody is let in";
    }
    for (const auto& [name, letters] : kAccess) {
        EXPECT_TRUE(served.contains(name)) << name << ": not served";
    }
}

TEST_F(ApiAccess, LetsInExactlyThoseOfTheTable) {
    for (const ApiRoute& route : service->table()) {
        const std::string letters = kAccess.at(name_of(route));
        for (const Token& token : kTokens) {
            const http::Response response = ask({.method = std::string(to_string(route.method)),
                                                 .target = path_of(route.pattern),
                                                 .token = token.name,
                                                 .body = route.takes.empty() ? "" : "{}"});
            const std::string what = name_of(route) + " as " + token.name + ": " + response.body;
            if (letters == "*" || letters.contains(token.letter)) {
                EXPECT_NE(response.status, 401U) << what;
                EXPECT_NE(response.status, 403U) << what;
                EXPECT_LT(response.status, 500U) << what;
                const auto statuses = statuses_of(route);
                EXPECT_TRUE(std::ranges::find(statuses, response.status) != statuses.end())
                    << response.status << " " << what;
            } else {
                EXPECT_EQ(response.status, token.letter == '-' ? 401U : 403U) << what;
            }
        }
    }
    EXPECT_TRUE(warnings.empty()) << warnings.front();
}

TEST_F(ApiAccess, RefusesAKeyOfTheQueryThatItsRowDoesNotName) {
    for (const ApiRoute& route : service->table()) {
        const std::string letters = kAccess.at(name_of(route));
        const std::string token = letters == "*"          ? ""
                                  : letters.contains('o') ? "anna"
                                  : letters.contains('p') ? "provider"
                                                          : "machine";
        const http::Response response = ask({.method = std::string(to_string(route.method)),
                                             .target = path_of(route.pattern) + "?nonsense=1",
                                             .token = token});
        EXPECT_EQ(response.status, 400U) << name_of(route) << response.body;
    }
}

}  // namespace
}  // namespace fairlist::api
