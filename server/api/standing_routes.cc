#include "server/api/route_tables.h"
#include "server/shown/json_values.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using namespace json_values;
using http::Method;
using http::Role;

json::object standing_object(const Standing& standing) {
    json::array inputs;
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        inputs.push_back(json::object{{"input", text(to_string(static_cast<StandingInput>(i + 1)))},
                                      {"part", standing.inputs[i].part},
                                      {"whole", standing.inputs[i].whole},
                                      {"points", standing.given[i]}});
    }
    return {{"computed", time(standing.computed)},
            {"tier", text(to_string(standing.tier))},
            {"before", text(to_string(standing.before))},
            {"points", standing.points},
            {"inputs", std::move(inputs)}};
}

json::object view_object(const StandingView& view) {
    json::object out = standing_object(view.standing);
    out["provider"] = text(view.provider);
    out["lines"] = texts(view.lines);
    return out;
}

Answer latest_of(Call& call, const std::string& slug) {
    const auto view = call.books.standings.latest(slug);
    if (!view) {
        return refuse(404, "not-found", "no standing has been computed yet");
    }
    return reply(view_object(*view));
}

Answer history_of(Call& call, const std::string& slug) {
    const auto page = call.page();
    if (!page) {
        return std::unexpected(page.error());
    }
    return reply(json::object{
        {"provider", slug},
        {"standings", array_of(call.books.standings.history(slug, page->limit), standing_object)}});
}

using Of = Answer (*)(Call&, const std::string&);

Handle own(Of step) {
    return [step](Call& call) -> Answer {
        const auto slug = call.provider();
        return slug ? step(call, *slug) : std::unexpected(slug.error());
    };
}

Handle named(Of step) {
    return [step](Call& call) -> Answer {
        const std::string& slug = call.path_value("provider");
        if (!call.books.providers.find(slug)) {
            return refuse(404, "not-found", fmt::format("provider \"{}\": there is none", slug));
        }
        return step(call, slug);
    };
}

// Of those alone who show it: the tier, and nothing that was counted.
Answer shown(Call& call) {
    json::array out;
    for (const Provider& provider : call.books.providers.list()) {
        const auto view =
            provider.shows_standing ? call.books.standings.latest(provider.slug) : std::nullopt;
        if (view) {
            out.push_back(json::object{{"provider", text(provider.slug)},
                                       {"name", text(provider.name)},
                                       {"tier", text(to_string(view->standing.tier))},
                                       {"computed", time(view->standing.computed)}});
        }
    }
    return reply(json::object{{"standings", std::move(out)}});
}

ApiRoute row(std::string pattern, Role role, std::string summary, std::string answers,
             Handle handle) {
    return {.method = Method::Get,
            .pattern = std::move(pattern),
            .roles = {role},
            .summary = std::move(summary),
            .statuses = {200, 404},
            .handle = std::move(handle),
            .answers = std::move(answers)};
}

}  // namespace

std::vector<ApiRoute> standing_routes() {
    const std::vector<QueryKey> kLimit = {
        {"limit", "how many days at most, 1 to 1000; 100 when it is not given"}};
    const std::string base = "/v1/providers/{provider}/standing";
    ApiRoute all = row("/v1/standing", Role::Public,
                       "The standing of the providers that show theirs", "ShownStandings", shown);
    all.statuses = {200};
    all.bucket = Bucket::Lookup;
    ApiRoute past =
        row("/v1/provider/standing/history", Role::Provider,
            "One's own standing, day by day, newest first", "Standings", own(history_of));
    past.statuses = {200};
    past.query = kLimit;
    ApiRoute past_of_any =
        row(base + "/history", Role::Operator, "A provider's standing, day by day, newest first",
            "Standings", named(history_of));
    past_of_any.query = kLimit;
    return {
        all,
        row("/v1/provider/standing", Role::Provider,
            "One's own standing: every input, its thresholds, the tier and what it changes",
            "Standing", own(latest_of)),
        past,
        row(base, Role::Operator, "A provider's standing", "Standing", named(latest_of)),
        past_of_any,
    };
}

}  // namespace fairlist::api
