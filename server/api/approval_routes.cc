#include "server/api/approval_json.h"
#include "server/api/body.h"
#include "server/api/route_tables.h"
#include "server/shown/json_values.h"

#include <fmt/format.h>

#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

Answer list(Call& call) {
    const auto page = call.page();
    const auto waiting = call.query_flag("waiting");
    if (!page || !waiting) {
        return std::unexpected(page ? waiting.error() : page.error());
    }
    const auto found = call.books.approvals.page(*waiting, page->after, page->limit);
    if (!found) {
        return refuse(400, "bad-query", found.error().message);
    }
    const auto make = [&](const Approval& approval) {
        return approval_object(approval, call.now);
    };
    Reply out = reply(json::object{{"approvals", json_values::array_of(found->approvals, make)}});
    call.put_next(out, found->next);
    return out;
}

Answer show(Call& call) {
    const auto id = call.path_number("id");
    if (!id) {
        return std::unexpected(id.error());
    }
    const auto approval = call.books.approvals.find(*id);
    if (!approval) {
        return refuse(404, "not-found", fmt::format("approval {}: there is none", *id));
    }
    return reply(approval_object(*approval, call.now));
}

Fault decision_fault(const Error& error) {
    return error.code == Errc::Refused ? refuse(403, "same-person", error.message).error()
                                       : refuse(error).error();
}

// What was asked for is done now; what became of it stands beside it.
Answer approve(const Surroundings& around, Call& call) {
    const auto id = call.path_number("id");
    if (!id) {
        return std::unexpected(id.error());
    }
    const Actor actor = call.actor();
    const auto approval = call.books.approvals.approve(actor, call.person(), *id);
    if (!approval) {
        return std::unexpected(decision_fault(approval.error()));
    }
    const Answer done = around.carry_out(call, *approval);
    const std::string outcome =
        done ? fmt::format("{}", done->status)
             : fmt::format("{}: {}", done.error().problem.status, done.error().problem.detail);
    const Approval settled = call.books.approvals.settle(actor, *id, done.has_value(), outcome);
    json::object document = approval_object(settled, call.now);
    document["result"] = done ? done->document : json::value(nullptr);
    return reply(std::move(document));
}

Answer turn_down(Call& call) {
    const auto id = call.path_number("id");
    auto body = Body::parse(call.request);
    if (!id || !body) {
        return std::unexpected(id ? body.error() : id.error());
    }
    const std::string why = body->text("why", 500).value_or("");
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    const auto approval = call.books.approvals.refuse(call.actor(why), call.person(), *id, why);
    if (!approval) {
        return std::unexpected(decision_fault(approval.error()));
    }
    return reply(approval_object(*approval, call.now));
}

}  // namespace

std::vector<ApiRoute> approval_routes(const Surroundings& around) {
    const std::vector<Role> roles = {Role::Operator};
    return {
        {.method = Method::Get,
         .pattern = "/v1/approvals",
         .roles = roles,
         .summary = "What waits, or waited, for a second person",
         .statuses = {200},
         .handle = list,
         .query = paged({{"waiting", "true: only those that may still be approved"}}),
         .answers = "Approvals"},
        {.method = Method::Get,
         .pattern = "/v1/approvals/{id}",
         .roles = roles,
         .summary = "One of them",
         .statuses = {200, 404},
         .handle = show,
         .answers = "Approval"},
        {.method = Method::Post,
         .pattern = "/v1/approvals/{id}/approve",
         .roles = roles,
         .summary = "Does what another operator has asked for",
         .statuses = {200, 404},
         .handle = [around](Call& call) { return approve(around, call); },
         .answers = "Approval",
         .state = "/v1/approvals/{id}"},
        {.method = Method::Post,
         .pattern = "/v1/approvals/{id}/refuse",
         .roles = roles,
         .summary = "Ends it; who asked may take it back",
         .statuses = {200, 404},
         .handle = turn_down,
         .answers = "Approval",
         .takes = "Why",
         .body_bytes_max = kSmallBody,
         .state = "/v1/approvals/{id}"},
    };
}

}  // namespace fairlist::api
