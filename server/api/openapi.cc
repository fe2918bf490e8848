#include "server/api/openapi.h"

#include "server/api/problem_kind.h"
#include "server/api/schemas.h"
#include "server/http/problem.h"
#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace fairlist::api {

namespace json = boost::json;

namespace {

json::object ref(std::string_view section, std::string_view name) {
    return {{"$ref", fmt::format("#/components/{}/{}", section, name)}};
}

std::string_view role_name(http::Role role) noexcept {
    switch (role) {
        case http::Role::Public:
            return "public";
        case http::Role::Machine:
            return "machine";
        case http::Role::Provider:
            return "provider";
        case http::Role::Operator:
            break;
    }
    return "operator";
}

json::array parameters_of(const ApiRoute& route) {
    json::array out;
    for (const std::string& name : path_names(route.pattern)) {
        out.push_back(json::object{{"name", name},
                                   {"in", "path"},
                                   {"required", true},
                                   {"schema", json::object{{"type", "string"}}}});
    }
    for (const QueryKey& key : route.query) {
        out.push_back(json::object{{"name", key.name},
                                   {"in", "query"},
                                   {"description", key.about},
                                   {"schema", json::object{{"type", "string"}}}});
    }
    if (changes(route)) {
        out.push_back(ref("parameters", "IdempotencyKey"));
        out.push_back(ref("parameters", "IfMatch"));
    } else {
        out.push_back(ref("parameters", "IfNoneMatch"));
    }
    return out;
}

json::object content_of(const ApiRoute& route) {
    json::object content;
    if (!route.answers.empty()) {
        content["application/json"] = json::object{{"schema", ref("schemas", route.answers)}};
    }
    for (const std::string& type : route.content_types) {
        content[type] = json::object{{"schema", json::object()}};
    }
    return content;
}

json::object response_of(const ApiRoute& route, unsigned status) {
    json::object out{{"description", std::string(http::status_phrase(status))}};
    if (status == 202) {
        out["description"] = "Waits for a second person";
        out["content"] = json::object{
            {"application/json", json::object{{"schema", ref("schemas", "Approval")}}}};
    } else if (status < 300) {
        out["content"] = content_of(route);
    } else if (status >= 400) {
        return ref("responses", "Problem");
    }
    return out;
}

json::object body_of(const ApiRoute& route) {
    json::object content;
    if (route.takes == "Policy") {
        content["application/json"] = json::object{{"schema", json::object()}};
        content["text/csv"] = json::object{{"schema", json::object()}};
    } else if (route.takes == "Hits") {
        content["application/x-ndjson"] = json::object{{"schema", json::object()}};
    } else if (route.takes == "AbuseReport") {
        content["application/json"] = json::object{{"schema", json::object()}};
        content["message/rfc822"] = json::object{{"schema", json::object()}};
    } else {
        content["application/json"] = json::object{{"schema", ref("schemas", route.takes)}};
    }
    return {{"content", std::move(content)}};
}

// "get-v1-listings-id-history".
std::string operation_id(const ApiRoute& route) {
    std::string id(to_string(route.method));
    std::ranges::transform(id, id.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const char c : route.pattern) {
        if (c == '/' || c == '.') {
            id += '-';
        } else if (c != '{' && c != '}') {
            id += c;
        }
    }
    return id;
}

json::object operation_of(const ApiRoute& route) {
    json::array roles;
    for (const http::Role role : route.roles) {
        roles.emplace_back(role_name(role));
    }
    json::object responses;
    for (const unsigned status : statuses_of(route)) {
        responses[std::to_string(status)] = response_of(route, status);
    }
    json::array security;
    if (!is_open(route)) {
        security.push_back(json::object{{"token", json::array()}});
    }
    json::object out{{"operationId", operation_id(route)}, {"summary", route.summary},
                     {"security", std::move(security)},    {"x-roles", std::move(roles)},
                     {"parameters", parameters_of(route)}, {"responses", std::move(responses)}};
    if (route.second_person) {
        out["x-second-person"] = true;
    }
    if (!route.takes.empty()) {
        out["requestBody"] = body_of(route);
    }
    return out;
}

json::object header(std::string_view name, std::string_view about) {
    return {{"name", name},
            {"in", "header"},
            {"description", about},
            {"schema", json::object{{"type", "string"}}}};
}

json::object components() {
    json::object parameters{
        {"IdempotencyKey",
         header("Idempotency-Key",
                "1 to 255 visible characters of the client's choice: the same request sent again "
                "with it within 24 hours is answered again and not done again")},
        {"IfMatch", header("If-Match", "ETags of the state that this may change")},
        {"IfNoneMatch", header("If-None-Match", "ETags of answers that the client has")}};
    const json::object problem{
        {"description", "What went wrong (RFC 9457)"},
        {"content", json::object{{"application/problem+json",
                                  json::object{{"schema", ref("schemas", "Problem")}}}}}};
    return {{"securitySchemes",
             json::object{{"token", json::object{{"type", "http"}, {"scheme", "bearer"}}}}},
            {"parameters", std::move(parameters)},
            {"responses", json::object{{"Problem", problem}}},
            {"schemas", schemas()}};
}

}  // namespace

json::object openapi_document(const std::vector<ApiRoute>& table) {
    json::object paths;
    for (const ApiRoute& route : table) {
        std::string method(to_string(route.method));
        std::ranges::transform(method, method.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        auto& path = paths.emplace(route.pattern, json::object()).first->value().as_object();
        path[method] = operation_of(route);
    }
    return {{"openapi", "3.1.0"},
            {"info", json::object{{"title", "Fairlist"},
                                  {"version", "1"},
                                  {"description",
                                   "Lists of addresses and names, who is on them and why, and the "
                                   "ways off them."}}},
            {"servers", json::array{json::object{{"url", "/"}}}},
            {"paths", std::move(paths)},
            {"components", components()}};
}

std::string openapi_text(const std::vector<ApiRoute>& table) {
    return json_values::document(openapi_document(table));
}

}  // namespace fairlist::api
