#include "server/api/public_lookup.h"
#include "server/api/route_tables.h"
#include "server/shown/json_values.h"
#include "server/shown/site_json.h"
#include "server/shown/subject_guess.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

constexpr const char* kOpenApiType = "application/openapi+json;version=3.1";

Answer look_up(Call& call) {
    const auto subject = guess_subject(call.path_value("subject"));
    if (!subject) {
        return refuse(400, "bad-query", "subject: " + subject.error().message);
    }
    return reply(public_lookup(call, *subject));
}

Answer lists(Call& call) {
    const auto make = [&](const ListStatus& list) {
        return list_object(list, call.config());
    };
    return reply(json::object{{"lists", json_values::array_of(call.books.manager.lists(), make)}});
}

Answer zones(Call& call) {
    return reply(json::object{{"zones", json_values::array_of(call.config().zones, zone_object)}});
}

Answer problem(Call& call) {
    const std::string& word = call.path_value("kind");
    const auto kinds = problem_kinds();
    const auto kind = std::ranges::find(kinds, word, &ProblemKind::word);
    if (kind == kinds.end()) {
        return refuse(404, "not-found", "there is no such kind of problem");
    }
    return reply(json::object{
        {"type", problem_uri(word)}, {"title", kind->title}, {"remedy", kind->remedy}});
}

ApiRoute row(std::string pattern, std::string summary, std::string answers, Handle handle) {
    return {.method = Method::Get,
            .pattern = std::move(pattern),
            .roles = {Role::Public},
            .summary = std::move(summary),
            .statuses = {200},
            .handle = std::move(handle),
            .answers = std::move(answers),
            .bucket = Bucket::Lookup};
}

}  // namespace

std::vector<ApiRoute> lookup_routes(const Surroundings& around) {
    std::vector<ApiRoute> rows = {
        row("/v1/lookup/{subject}",
            "What is known of an address, prefix, name or digest: what, since when, why, on whose "
            "word, until when, and what ends it",
            "Lookup", look_up),
        row("/v1/lists", "The lists, and what each is for", "Lists", lists),
        row("/v1/zones", "The DNS zones that serve them", "Zones", zones),
        row("/v1/problems/{kind}", "What a problem's type means, and what to do about it",
            "ProblemKind", problem),
        row("/v1/openapi.json", "This document", "",
            [around](Call&) -> Answer {
                return Reply{.content_type = kOpenApiType, .bytes = around.openapi()};
            }),
        row("/v1/health", "Answers when requests are served", "Health",
            [](Call&) -> Answer { return reply(json::object{{"status", "ok"}}); }),
    };
    rows[3].statuses.push_back(404);
    rows[4].content_types = {kOpenApiType};
    rows[5].bucket = Bucket::None;
    return rows;
}

}  // namespace fairlist::api
