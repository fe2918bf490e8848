// The OpenAPI document against the routes that are served, both ways.

#include "tests/unit/server/api/api_site.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace fairlist::api {
namespace {

namespace json = boost::json;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

using OpenApi = ApiSite;

TEST_F(OpenApi, NamesEveryRouteThatIsServedAndNoOther) {
    const json::value document = json({.target = "/v1/openapi.json"});
    std::set<std::string> documented;
    for (const auto& path : document.at("paths").as_object()) {
        for (const auto& operation : path.value().as_object()) {
            documented.insert(std::string(operation.key()) + " " + std::string(path.key()));
        }
    }
    std::set<std::string> served;
    for (const http::Route& route : router->routes()) {
        served.insert(lower(std::string(to_string(route.method))) + " " + route.pattern);
    }
    EXPECT_EQ(documented, served);
}

TEST_F(OpenApi, NamesTheRolesAndTheQueryKeysThatTheServerTakes) {
    const json::value document = json({.target = "/v1/openapi.json"});
    for (const http::Route& route : router->routes()) {
        const json::value& operation =
            document.at("paths").at(route.pattern).at(lower(std::string(to_string(route.method))));
        std::set<std::string> keys;
        std::set<std::string> in_path;
        for (const json::value& parameter : operation.at("parameters").as_array()) {
            if (parameter.as_object().contains("in")) {
                (parameter.at("in") == "query" ? keys : in_path)
                    .insert(std::string(parameter.at("name").as_string()));
            }
        }
        EXPECT_EQ(keys, std::set(route.query_keys.begin(), route.query_keys.end()))
            << route.pattern;
        const auto names = path_names(route.pattern);
        EXPECT_EQ(in_path, std::set(names.begin(), names.end()));
        const json::array& roles = operation.at("x-roles").as_array();
        const auto says = [&](std::string_view word) {
            return std::ranges::find(roles, json::value(word)) != roles.end();
        };
        EXPECT_EQ(says("public"), route.roles.is_open()) << route.pattern;
        EXPECT_EQ(says("machine"), route.roles.contains(http::Role::Machine)) << route.pattern;
        EXPECT_EQ(says("provider"), route.roles.contains(http::Role::Provider)) << route.pattern;
        EXPECT_EQ(says("operator"), route.roles.contains(http::Role::Operator)) << route.pattern;
        EXPECT_EQ(operation.at("security").as_array().empty(), route.roles.is_open());
        EXPECT_EQ(operation.as_object().contains("requestBody"), route.body_bytes_max != 0)
            << route.pattern;
    }
}

void collect_refs(const json::value& value, std::set<std::string>& refs) {
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            if (member.key() == "$ref") {
                refs.insert(std::string(member.value().as_string()));
            } else {
                collect_refs(member.value(), refs);
            }
        }
    } else if (const auto* array = value.if_array()) {
        for (const json::value& item : *array) {
            collect_refs(item, refs);
        }
    }
}

TEST_F(OpenApi, EveryReferenceLeadsToAPart) {
    const json::value document = json({.target = "/v1/openapi.json"});
    std::set<std::string> refs;
    collect_refs(document, refs);
    EXPECT_GT(refs.size(), 30U);
    for (const std::string& ref : refs) {
        boost::system::error_code error;
        EXPECT_NE(document.find_pointer(ref.substr(1), error), nullptr) << ref;
    }
}

}  // namespace
}  // namespace fairlist::api
