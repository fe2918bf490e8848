#include "server/api/api_service.h"

#include "listing/base/check.h"
#include "server/api/approval_json.h"
#include "server/api/etag.h"
#include "server/api/openapi.h"
#include "server/api/route_tables.h"
#include "server/http/connection.h"
#include "server/shown/json_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace fairlist::api {

using http::Method;
using http::Request;
using http::Response;

namespace {

constexpr std::uint64_t kTrimAtOnce = 1000;
constexpr std::uint32_t kBusySeconds = 1;
// What a request may be answered with that changed nothing, and may be tried again.
constexpr unsigned kTooMany = 429;

void append(std::vector<ApiRoute>& all, std::vector<ApiRoute> more) {
    std::ranges::move(more, std::back_inserter(all));
}

http::Roles roles_of(const ApiRoute& route) {
    FAIRLIST_CHECK(!route.roles.empty());
    const auto has = [&](http::Role role) {
        return std::ranges::find(route.roles, role) != route.roles.end();
    };
    if (has(http::Role::Public)) {
        FAIRLIST_CHECK(route.roles.size() == 1);
        return http::Role::Public;
    }
    const http::Role first = route.roles.front();
    switch (route.roles.size()) {
        case 1:
            return first;
        case 2:
            return {first, route.roles[1]};
        default:
            FAIRLIST_CHECK(route.roles.size() == 3);
            return {first, route.roles[1], route.roles[2]};
    }
}

std::string body_of(Reply& reply) {
    return reply.content_type.empty() ? json_values::document(reply.document)
                                      : std::move(reply.bytes);
}

Response response_of(Reply reply) {
    Response response{
        .status = reply.status,
        .content_type = reply.content_type.empty() ? "application/json" : reply.content_type,
        .body = {},
        .headers = std::move(reply.headers)};
    if (reply.status == 204) {
        response.content_type.clear();
    } else {
        response.body = body_of(reply);
    }
    return response;
}

Response response_of(Answer answer) {
    return answer ? response_of(*std::move(answer)) : to_response(answer.error());
}

std::string principal_of(const Request& request) {
    if (request.principal) {
        return "token:" + request.principal->name;
    }
    return request.unix_peer ? "unix" : "address:" + to_string(request.peer);
}

store::KeptAnswer kept_of(const Response& response) {
    return {static_cast<std::uint16_t>(response.status), response.content_type, response.headers,
            response.body};
}

Response response_of(store::KeptAnswer kept) {
    Response response{.status = kept.status,
                      .content_type = std::move(kept.content_type),
                      .body = std::move(kept.body),
                      .headers = std::move(kept.headers)};
    response.headers.emplace_back("Idempotency-Replayed", "true");
    return response;
}

Fault key_fault(const Error& error) {
    switch (error.code) {
        case Errc::Refused:
            return refuse(422, "key-reused", error.message).error();
        case Errc::Conflict: {
            Fault fault = refuse(409, "key-in-use", error.message).error();
            fault.retry_seconds = kBusySeconds;
            return fault;
        }
        default:
            return refuse(400, "bad-query", error.message).error();
    }
}

}  // namespace

struct ApiService::Impl {
    Impl(const Stores& the_stores, ServiceOptions options)
        : stores(the_stores),
          pool(the_stores, std::move(options.setup)),
          limits(options.rates),
          idempotency(the_stores.vault_environment, the_stores.vault),
          warn(std::move(options.warn)) {
        Surroundings around;
        around.carry_out = [this](Call& call, const Approval& approval) {
            return carry_out(call, approval);
        };
        around.openapi = [this] {
            return openapi_text(table);
        };
        around.metrics = std::move(options.metrics);
        around.version = std::move(options.version);
        if (options.sensors != nullptr) {
            append(table, sensor_rows(*options.sensors));
        }
        fill_table(around);
    }

    void fill_table(const Surroundings& around);
    [[nodiscard]] std::vector<http::Route> http_routes();
    [[nodiscard]] Response handle(const ApiRoute& route, const Request& request,
                                  const http::PathValues& path);
    [[nodiscard]] Response answer(const ApiRoute& route, const Request& request,
                                  const http::PathValues& path);
    [[nodiscard]] Response read(const ApiRoute& route, Call& call);
    [[nodiscard]] Answer change(const ApiRoute& route, Call& call);
    [[nodiscard]] std::expected<void, Fault> check_state(const ApiRoute& route, Call& call);
    [[nodiscard]] Answer ask_second_person(Call& call, const Blast& blast);
    [[nodiscard]] Answer carry_out(Call& call, const Approval& approval);
    [[nodiscard]] std::expected<Call, Fault> call_of(const ApiRoute& route, const Request& request,
                                                     const http::PathValues& path, Books& books);
    [[nodiscard]] const ApiRoute* find(Method method, std::string_view pattern) const;

    Stores stores;
    BookPool pool;
    PublicLimits limits;
    Idempotency idempotency;
    std::function<void(std::string_view)> warn;
    std::vector<ApiRoute> table;
};

void ApiService::Impl::fill_table(const Surroundings& around) {
    append(table, lookup_routes(around));
    append(table, listing_routes());
    append(table, listing_change_routes());
    append(table, entry_routes());
    append(table, feed_routes());
    append(table, site_routes(around));
    append(table, token_routes());
    append(table, approval_routes(around));
    append(table, provider_routes());
    append(table, policy_routes());
    append(table, report_routes());
    append(table, standing_routes());
    append(table, removal_routes());
}

std::vector<http::Route> ApiService::Impl::http_routes() {
    std::vector<http::Route> routes;
    for (const ApiRoute& route : table) {
        std::vector<std::string> keys;
        for (const QueryKey& key : route.query) {
            keys.push_back(key.name);
        }
        routes.push_back({.method = route.method,
                          .pattern = route.pattern,
                          .roles = roles_of(route),
                          .body_bytes_max = route.body_bytes_max,
                          .handler =
                              [this, &route](const Request& request, const http::PathValues& path) {
                                  return handle(route, request, path);
                              },
                          .query_keys = std::move(keys)});
    }
    return routes;
}

const ApiRoute* ApiService::Impl::find(Method method, std::string_view pattern) const {
    const auto found = std::ranges::find_if(table, [&](const ApiRoute& route) {
        return route.method == method && route.pattern == pattern;
    });
    return found == table.end() ? nullptr : &*found;
}

std::expected<Call, Fault> ApiService::Impl::call_of(const ApiRoute& route, const Request& request,
                                                     const http::PathValues& path, Books& books) {
    std::vector<std::string> keys;
    for (const QueryKey& key : route.query) {
        keys.push_back(key.name);
    }
    auto query = http::read_query(request.query, keys);
    if (!query) {
        return refuse(400, "bad-query", query.error().message);
    }
    return Call{.request = request,
                .path = path,
                .query = std::move(*query),
                .books = books,
                .stores = stores,
                .now = stores.clock()};
}

Response ApiService::Impl::handle(const ApiRoute& route, const Request& request,
                                  const http::PathValues& path) {
    if (!request.unix_peer) {
        const std::uint32_t seconds =
            limits.charge(route.bucket, request.peer, http::monotonic_ms());
        if (seconds != 0) {
            return http::retry_later(kTooMany, "this client or its network asks too often",
                                     seconds);
        }
    }
    if (!changes(route) || request.idempotency_key.empty()) {
        return answer(route, request, path);
    }
    const std::string principal = principal_of(request);
    const std::string target = request.path + "?" + request.query;
    const KeyedRequest keyed{principal, request.idempotency_key, to_string(request.method),
                             target,    request.content_type,    request.body};
    auto known = idempotency.begin(keyed);
    if (!known) {
        return to_response(key_fault(known.error()));
    }
    if (*known) {
        return response_of(**std::move(known));
    }
    try {
        Response response = answer(route, request, path);
        // Strangers' failures are not worth keeping, and what may go well next time is not either.
        const bool is_final = response.status < 500 && response.status != kTooMany &&
                              (request.principal || response.status < 400);
        if (is_final) {
            idempotency.keep(keyed, kept_of(response));
        } else {
            idempotency.drop(keyed);
        }
        return response;
    } catch (...) {
        idempotency.drop(keyed);
        throw;
    }
}

Response ApiService::Impl::answer(const ApiRoute& route, const Request& request,
                                  const http::PathValues& path) {
    const BookPool::Lease books = pool.take();
    auto call = call_of(route, request, path, *books);
    if (!call) {
        return to_response(call.error());
    }
    Response response = changes(route) ? response_of(change(route, *call)) : read(route, *call);
    const auto statuses = statuses_of(route);
    if (std::ranges::find(statuses, response.status) == statuses.end() && warn) {
        warn(fmt::format("api: {} {} answered {}, which its row does not say",
                         to_string(route.method), route.pattern, response.status));
    }
    return response;
}

Response ApiService::Impl::read(const ApiRoute& route, Call& call) {
    Response response = response_of(route.handle(call));
    if (response.status != 200) {
        return response;
    }
    const std::string etag = etag_of(response.body);
    if (names_etag(call.request.if_none_match, etag, true)) {
        response.status = 304;
        response.body.clear();
        response.content_type.clear();
    }
    response.headers.emplace_back("ETag", etag);
    // Kept by the client alone, and asked for again each time.
    response.headers.emplace_back("Cache-Control",
                                  is_open(route) ? "no-cache" : "private, no-cache");
    return response;
}

// Between this look and the change another one may write: the tag keeps people from overwriting
// each other, not machines from racing.
std::expected<void, Fault> ApiService::Impl::check_state(const ApiRoute& route, Call& call) {
    if (call.request.if_match.empty()) {
        return {};
    }
    const ApiRoute* state = find(Method::Get, route.state.empty() ? route.pattern : route.state);
    if (state == nullptr) {
        return refuse(412, "stale", "what this changes has no ETag");
    }
    const http::Values query = std::exchange(call.query, {});
    const Answer present = state->handle(call);
    call.query = query;
    if (!present) {
        return std::unexpected(present.error());
    }
    const Response shown = response_of(*present);
    if (!names_etag(call.request.if_match, etag_of(shown.body), false)) {
        return refuse(412, "stale", "it has changed since the ETag of If-Match was given");
    }
    return {};
}

Answer ApiService::Impl::change(const ApiRoute& route, Call& call) {
    if (auto fresh = check_state(route, call); !fresh) {
        return std::unexpected(fresh.error());
    }
    if (route.second_person) {
        auto blast = route.second_person(call);
        if (!blast) {
            return std::unexpected(blast.error());
        }
        if (*blast) {
            return ask_second_person(call, **blast);
        }
    }
    return route.handle(call);
}

Answer ApiService::Impl::ask_second_person(Call& call, const Blast& blast) {
    const Request& request = call.request;
    const std::string target =
        request.query.empty() ? request.path : request.path + "?" + request.query;
    const auto approval = call.books.approvals.ask(
        call.actor(), {call.person(), blast.action, std::string(to_string(request.method)), target,
                       request.body, blast.text});
    if (!approval) {
        return refuse(approval.error());
    }
    Reply out = reply(approval_object(*approval, call.now));
    out.status = 202;
    out.headers.emplace_back("Location", fmt::format("/v1/approvals/{}", approval->id));
    return out;
}

// The request of the first person, as it was, past the look for a second one.
Answer ApiService::Impl::carry_out(Call& call, const Approval& approval) {
    const store::ApprovalRecord& record = approval.record;
    Request request;
    request.method = http::parse_method(record.method).value_or(Method::Post);
    const auto target = http::parse_target(record.target);
    if (!target) {
        return refuse(409, "conflict", "the request cannot be read any more");
    }
    request.path = target->path;
    request.query = target->query;
    request.body = record.body;
    request.content_type = "application/json";
    request.peer = call.request.peer;
    request.unix_peer = call.request.unix_peer;
    request.principal = http::Principal{record.asked_by, http::Role::Operator};
    const http::Router router(http_routes());
    const auto found = router.match(request);
    const auto* match = std::get_if<http::Match>(&found);
    const ApiRoute* route =
        match == nullptr ? nullptr : this->find(match->route->method, match->route->pattern);
    if (route == nullptr || !route->second_person) {
        return refuse(409, "conflict", "there is no such route any more");
    }
    auto asked = call_of(*route, request, match->values, call.books);
    if (!asked) {
        return std::unexpected(asked.error());
    }
    asked->approved_by = call.person();
    asked->approval = approval.id;
    return route->handle(*asked);
}

ApiService::ApiService(const Stores& stores, ServiceOptions options)
    : impl_(std::make_unique<Impl>(stores, std::move(options))) {}

ApiService::~ApiService() = default;

const std::vector<ApiRoute>& ApiService::table() const noexcept {
    return impl_->table;
}

std::vector<http::Route> ApiService::routes() {
    return impl_->http_routes();
}

void ApiService::use(Setup setup) {
    impl_->pool.use(std::move(setup));
}

void ApiService::maintain() {
    static_cast<void>(impl_->idempotency.trim(kTrimAtOnce));
}

}  // namespace fairlist::api
