#include "server/http/target.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::http {
namespace {

struct QueryCase {
    std::string name;
    std::string query;
    bool is_taken;
    Values values;
};

class QueryOf : public testing::TestWithParam<QueryCase> {};

TEST_P(QueryOf, Values) {
    const QueryCase& c = GetParam();
    const std::vector<std::string> allowed = {"a", "b", "list name"};
    const Result<http::Values> values = read_query(c.query, allowed);
    ASSERT_EQ(values.has_value(), c.is_taken);
    if (c.is_taken) {
        EXPECT_EQ(*values, c.values);
    }
}

const std::vector<QueryCase> kQueryCases = {
    {"none", "", true, {}},
    {"one", "a=1", true, {{"a", "1"}}},
    {"two", "b=&a=1", true, {{"a", "1"}, {"b", ""}}},
    {"without_value", "a", true, {{"a", ""}}},
    {"equals_sign_in_value", "a=b=c", true, {{"a", "b=c"}}},
    {"escaped", "list%20name=%26%3D%C3%A4", true, {{"list name", "&=\xC3\xA4"}}},
    {"unknown", "c=1", false, {}},
    {"unknown_beside_known", "a=1&c=1", false, {}},
    {"twice", "a=1&a=1", false, {}},
    {"twice_by_escape", "a=1&%61=2", false, {}},
    {"empty_key", "=1", false, {}},
    {"ends_with_ampersand", "a=1&", false, {}},
    {"control_character", "a=%0D%0A", false, {}},
    {"nul", "a=%00", false, {}},
    {"broken_escape", "a=%4", false, {}},
    {"no_hexadecimal", "a=%zz", false, {}},
    {"too_long", "a=" + std::string(kValueBytesMax + 1, 'x'), false, {}},
    {"long",
     "a=" + std::string(kValueBytesMax, 'x'),
     true,
     {{"a", std::string(kValueBytesMax, 'x')}}},
};

INSTANTIATE_TEST_SUITE_P(Keys, QueryOf, testing::ValuesIn(kQueryCases),
                         [](const auto& param) { return param.param.name; });

TEST(QueryOf, HasAsManyKeysAsAllowed) {
    std::string query = "k0=";
    std::vector<std::string> allowed = {"k0"};
    for (std::size_t i = 1; i < kQueryKeysMax; ++i) {
        allowed.push_back("k" + std::to_string(i));
        query += "&" + allowed.back() + "=";
    }
    EXPECT_TRUE(read_query(query, allowed).has_value());
    allowed.emplace_back("more");
    EXPECT_FALSE(read_query(query + "&more=", allowed).has_value());
}

struct HostCase {
    std::string name;
    std::string host;
    bool is_host;
};

class HostOf : public testing::TestWithParam<HostCase> {};

TEST_P(HostOf, ARequest) {
    EXPECT_EQ(is_host(GetParam().host), GetParam().is_host);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9110, HostOf,
    testing::Values(HostCase{"name", "a.example", true}, HostCase{"port", "a.example:8080", true},
                    HostCase{"v4", "192.0.2.1", true}, HostCase{"v6", "[2001:db8::1]:443", true},
                    HostCase{"v6_without_brackets", "2001:db8::1", false},
                    HostCase{"empty", "", false}, HostCase{"only_port", ":80", false},
                    HostCase{"user", "u@a", false}, HostCase{"path", "a/b", false},
                    HostCase{"two", "a, b", false}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::http
