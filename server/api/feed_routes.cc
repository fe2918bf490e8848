#include "importer/feed_folder.h"
#include "importer/feed_runner.h"
#include "server/api/body.h"
#include "server/api/route_tables.h"
#include "server/roles/feed_roles.h"
#include "server/shown/feed_view.h"
#include "server/shown/json_values.h"
#include "server/shown/site_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

std::expected<const config::Feed*, Fault> find(const Call& call) {
    const auto feed = find_feed(call.config(), call.path_value("feed"));
    if (!feed) {
        return refuse(feed.error());
    }
    return *feed;
}

Answer list(Call& call) {
    json::array feeds;
    for (const config::Feed& feed : call.config().feeds) {
        feeds.emplace_back(feed_object(view_feed(call.books.manager, call.config(), feed)));
    }
    return reply(json::object{{"feeds", std::move(feeds)}});
}

Answer show(Call& call) {
    const auto feed = find(call);
    if (!feed) {
        return std::unexpected(feed.error());
    }
    return reply(feed_object(view_feed(call.books.manager, call.config(), **feed)));
}

Answer imported(const config::Feed& feed, const Result<importer::ImportReport>& report) {
    if (!report) {
        return refuse(report.error());
    }
    json::object out{{"source", feed.name}, {"list", feed.list}};
    put_report(out, *report);
    return reply(std::move(out));
}

Answer approve(Call& call) {
    const auto feed = find(call);
    auto body = Body::parse(call.request);
    if (!feed || !body) {
        return std::unexpected(feed ? body.error() : feed.error());
    }
    const std::string why = body->text("why", 500).value_or("");
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    importer::FeedRunner runner(call.books.manager, runner_options(call.config()));
    return imported(**feed, runner.approve(spec_of(**feed), call.actor(why), {}));
}

Answer roll_back(Call& call) {
    const auto feed = find(call);
    auto body = Body::parse(call.request);
    if (!feed || !body) {
        return std::unexpected(feed ? body.error() : feed.error());
    }
    const std::string why = body->text("why", 500).value_or("");
    const auto version = body->number("version", UINT64_MAX);
    if (!version) {
        body->fault("version", "missing");
    }
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    const auto kept = importer::kept_versions(feeds_folder(call.config()), (*feed)->name);
    if (std::ranges::find(kept, *version) == kept.end()) {
        return refuse(404, "not-found", fmt::format("version {}: it is not kept", *version));
    }
    importer::FeedRunner runner(call.books.manager, runner_options(call.config()));
    return imported(**feed, runner.rollback(spec_of(**feed), *version, call.actor(why), {}));
}

}  // namespace

std::vector<ApiRoute> feed_routes() {
    const std::vector<Role> roles = {Role::Operator};
    return {
        {.method = Method::Get,
         .pattern = "/v1/feeds",
         .roles = roles,
         .summary = "The feeds, and how each is doing",
         .statuses = {200},
         .handle = list,
         .answers = "Feeds"},
        {.method = Method::Get,
         .pattern = "/v1/feeds/{feed}",
         .roles = roles,
         .summary = "One of them",
         .statuses = {200, 404},
         .handle = show,
         .answers = "Feed"},
        {.method = Method::Post,
         .pattern = "/v1/feeds/{feed}/approve",
         .roles = roles,
         .summary = "Puts the version in force that the guard holds",
         .statuses = {200, 404},
         .handle = approve,
         .answers = "Import",
         .takes = "Why",
         .body_bytes_max = kSmallBody,
         .state = "/v1/feeds/{feed}"},
        {.method = Method::Post,
         .pattern = "/v1/feeds/{feed}/rollback",
         .roles = roles,
         .summary = "Puts a kept version in force again",
         .statuses = {200, 404},
         .handle = roll_back,
         .answers = "Import",
         .takes = "Rollback",
         .body_bytes_max = kSmallBody,
         .state = "/v1/feeds/{feed}"},
    };
}

}  // namespace fairlist::api
