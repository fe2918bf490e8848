#include "server/http/route_call.h"

#include "listing/base/check.h"
#include "server/http/authorization.h"
#include "server/http/problem.h"

#include <fmt/format.h>

#include <exception>
#include <string>

namespace fairlist::http {

Outcome RouteCall::run(Task task) const noexcept {
    std::string why = "no standard exception";
    try {
        return {.answer = run_unguarded(task), .has_thrown = false};
    } catch (const std::exception& error) {
        why = error.what();
    } catch (...) {  // NOLINT(bugprone-empty-catch): told below
    }
    const Route& route = *match.route;
    warn(fmt::format("http: {} {} failed: {}", to_string(route.method), route.pattern, why));
    return {.answer =
                retry_later(503, "the request could not be served, try again later", retry_seconds),
            .has_thrown = true};
}

std::optional<Response> RouteCall::run_unguarded(Task task) const {
    const Route& route = *match.route;
    if (task != Task::Handle) {
        if (std::optional<Response> refusal = authorize(route.roles, request, tokens)) {
            return refusal;
        }
    }
    if (task == Task::Authorize) {
        return std::nullopt;
    }
    // Nothing above may have forgotten to ask.
    FAIRLIST_CHECK(route.roles.is_open() || request.principal.has_value());
    return route.handler(request, match.values);
}

}  // namespace fairlist::http
