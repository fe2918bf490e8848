#include "server/http/router.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <vector>

namespace fairlist::http {
namespace {

// A route that does not say whom it lets in does not compile.
static_assert(!std::is_default_constructible_v<Roles>);
static_assert(!std::is_default_constructible_v<Route>);
static_assert(!std::is_constructible_v<Route, Method, std::string>);
static_assert(std::is_constructible_v<Route, Method, std::string, Roles, std::size_t, Handler>);

Response named(const Request&, const PathValues&) {
    return {};
}

Route route(Method method, const std::string& pattern, Roles roles = Role::Operator,
            std::size_t body_bytes_max = 0) {
    return {method, pattern, roles, body_bytes_max, named, {}};
}

Router sample() {
    return Router({route(Method::Get, "/v1/lists"), route(Method::Get, "/v1/lists/{list}"),
                   route(Method::Delete, "/v1/lists/{list}"),
                   route(Method::Get, "/v1/lists/{list}/entries/{entry}"),
                   route(Method::Get, "/")});
}

std::variant<Match, Response> find(const Router& router, Method method, const std::string& path) {
    Request request;
    request.method = method;
    request.path = path;
    return router.match(request);
}

struct MatchCase {
    std::string name;
    Method method;
    std::string path;
    std::string pattern;  // empty: none
    PathValues values;
    unsigned status;
};

class RouterMatch : public testing::TestWithParam<MatchCase> {};

TEST_P(RouterMatch, FindsTheOneRoute) {
    const MatchCase& c = GetParam();
    const Router router = sample();
    const auto found = find(router, c.method, c.path);
    if (const auto* const match = std::get_if<Match>(&found)) {
        EXPECT_EQ(match->route->pattern, c.pattern);
        EXPECT_EQ(match->values, c.values);
    } else {
        EXPECT_EQ(c.pattern, "");
        EXPECT_EQ(std::get<Response>(found).status, c.status);
    }
}

const std::string kLong(2000, 'a');

const std::vector<MatchCase> kMatchCases = {
    {"literal", Method::Get, "/v1/lists", "/v1/lists", {}, 0},
    {"root", Method::Get, "/", "/", {}, 0},
    {"two_slashes", Method::Get, "//", "", {}, 404},
    {"one_value", Method::Get, "/v1/lists/xbl", "/v1/lists/{list}", {{"list", "xbl"}}, 0},
    {"head_is_get", Method::Head, "/v1/lists/xbl", "/v1/lists/{list}", {{"list", "xbl"}}, 0},
    {"other_method", Method::Delete, "/v1/lists/xbl", "/v1/lists/{list}", {{"list", "xbl"}}, 0},
    {"two_values",
     Method::Get,
     "/v1/lists/xbl/entries/7",
     "/v1/lists/{list}/entries/{entry}",
     {{"entry", "7"}, {"list", "xbl"}},
     0},
    {"escaped_slash_is_a_value",
     Method::Get,
     "/v1/lists/10.0.0.0%2F8",
     "/v1/lists/{list}",
     {{"list", "10.0.0.0/8"}},
     0},
    {"plus_is_a_plus", Method::Get, "/v1/lists/a+b", "/v1/lists/{list}", {{"list", "a+b"}}, 0},
    {"braces_are_no_value", Method::Get, "/v1/{list}", "", {}, 404},
    {"empty_value", Method::Get, "/v1/lists/", "", {}, 404},
    {"empty_value_inside", Method::Get, "/v1/lists//entries/7", "", {}, 404},
    {"too_many_parts", Method::Get, "/v1/lists/a/entries/b/c", "", {}, 404},
    {"far_too_many_parts",
     Method::Get,
     "/v1/lists/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
     "",
     {},
     404},
    {"no_slash", Method::Get, "v1", "", {}, 404},
    {"empty", Method::Get, "", "", {}, 404},
    {"wrong_method", Method::Post, "/v1/lists/xbl", "", {}, 405},
    {"options", Method::Options, "/v1/lists/xbl", "", {}, 204},
    {"options_of_nothing", Method::Options, "/v2", "", {}, 404},
    {"control_character", Method::Get, "/v1/lists/a%0Ab", "", {}, 400},
    {"too_long", Method::Get, "/v1/lists/" + kLong, "", {}, 400},
};

INSTANTIATE_TEST_SUITE_P(Paths, RouterMatch, testing::ValuesIn(kMatchCases),
                         [](const auto& param) { return param.param.name; });

TEST(RouterMatch, QueryKeysAreThoseOfTheRoute) {
    Route paged = route(Method::Get, "/v1/lists");
    paged.query_keys = {"page", "size"};
    const Router router({paged, route(Method::Get, "/v1/plain")});
    const auto status = [&](const std::string& path, const std::string& query) {
        Request request;
        request.path = path;
        request.query = query;
        const auto found = router.match(request);
        return std::holds_alternative<Match>(found) ? 0 : std::get<Response>(found).status;
    };
    EXPECT_EQ(status("/v1/lists", ""), 0U);
    EXPECT_EQ(status("/v1/lists", "size=1&page=2"), 0U);
    EXPECT_EQ(status("/v1/lists", "p%61ge=2"), 0U);
    EXPECT_EQ(status("/v1/lists", "Page=2"), 400U);
    EXPECT_EQ(status("/v1/lists", "page=2&token=x"), 400U);
    EXPECT_EQ(status("/v1/plain", "page=2"), 400U);
}

using RouterDeath = testing::Test;

// Mistakes of ours stop the program at its start, not a request at night.
TEST(RouterDeath, OnRoutesThatCannotBeMeant) {
    const auto build = [](std::vector<Route> routes) {
        const Router router(std::move(routes));
    };
    EXPECT_DEATH(build({route(Method::Get, "v1")}), "starts_with");
    EXPECT_DEATH(build({route(Method::Get, "/v1/")}), "is_well_formed");
    EXPECT_DEATH(build({route(Method::Get, "/V1")}), "is_well_formed");
    EXPECT_DEATH(build({route(Method::Get, "/{a")}), "is_well_formed");
    EXPECT_DEATH(build({route(Method::Get, "/{}")}), "is_well_formed");
    EXPECT_DEATH(build({route(Method::Head, "/v1")}), "Head");
    EXPECT_DEATH(build({route(Method::Get, "/v1", Role::Public, 1)}), "body_bytes_max");
    EXPECT_DEATH(build({{Method::Get, "/v1", Role::Public, 0, nullptr, {}}}), "handler");
    EXPECT_DEATH(build({route(Method::Get, "/v1"), route(Method::Get, "/v1", Role::Public)}),
                 "find_route");
    // One would open what the other keeps shut.
    EXPECT_DEATH(build({route(Method::Get, "/v1/{a}"), route(Method::Get, "/v1/b", Role::Public)}),
                 "segments");
    EXPECT_DEATH(build({route(Method::Get, "/v1/{a}"), route(Method::Post, "/v1/{b}")}),
                 "segments");
    EXPECT_DEATH(Roles(Role::Public, Role::Operator), "is_open");
}

}  // namespace
}  // namespace fairlist::http
