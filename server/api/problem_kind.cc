#include "server/api/problem_kind.h"

#include "listing/base/check.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::api {

namespace {

constexpr std::uint32_t kRetrySeconds = 5;

constexpr std::array kKinds = {
    ProblemKind{"bad-body", "The body is not what the route takes",
                "correct the members that \"errors\" names and send it again"},
    ProblemKind{"bad-query", "A value of the query or the path is wrong",
                "correct the value that the detail names and ask again"},
    ProblemKind{"conflict", "What is there does not allow it",
                "read the present state, then decide again"},
    ProblemKind{"faulty-policy", "The policy has faults",
                "correct the lines that \"errors\" names and send the whole document again"},
    ProblemKind{"key-in-use", "The same request is being answered",
                "wait as Retry-After says and send the same request again"},
    ProblemKind{"key-reused", "The idempotency key was used for another request",
                "choose a new key for a new request"},
    ProblemKind{"not-found", "There is no such thing, or it is not for this token",
                "check the name"},
    ProblemKind{"refused", "A rule forbids it", "the detail names the rule and what would do"},
    ProblemKind{"same-person", "It takes a second person",
                "let an operator with another token approve it"},
    ProblemKind{"stale", "The state has changed since it was read",
                "read it again, and send the request with its new ETag"},
    ProblemKind{"too-many", "There are more of them than may be",
                "the detail says when it is possible again"},
};

struct Mapping {
    unsigned status;
    std::string_view kind;
};

Mapping mapping_of(Errc code) noexcept {
    switch (code) {
        case Errc::Malformed:
        case Errc::OutOfRange:
            return {400, "bad-body"};
        case Errc::NotFound:
            return {404, "not-found"};
        case Errc::Conflict:
            return {409, "conflict"};
        case Errc::Refused:
            return {403, "refused"};
        case Errc::Io:
            break;
    }
    return {503, ""};
}

}  // namespace

std::span<const ProblemKind> problem_kinds() noexcept {
    return kKinds;
}

std::string problem_uri(std::string_view word) {
    FAIRLIST_CHECK(std::ranges::find(kKinds, word, &ProblemKind::word) != kKinds.end());
    return "/v1/problems/" + std::string(word);
}

std::unexpected<Fault> refuse(unsigned status, std::string_view kind, std::string detail) {
    http::Problem problem{.status = status, .detail = std::move(detail)};
    if (!kind.empty()) {
        problem.type = problem_uri(kind);
    }
    return std::unexpected(Fault{.problem = std::move(problem)});
}

std::unexpected<Fault> refuse(const Error& error) {
    if (error.code == Errc::Io) {
        auto fault = refuse(503, "", "nothing was done, try again later");
        fault.error().retry_seconds = kRetrySeconds;
        return fault;
    }
    const Mapping mapping = mapping_of(error.code);
    return refuse(mapping.status, mapping.kind, error.message);
}

http::Response to_response(const Fault& fault) {
    http::Response response = http::to_response(fault.problem);
    if (fault.retry_seconds != 0) {
        response.headers.emplace_back("Retry-After", std::to_string(fault.retry_seconds));
    }
    return response;
}

}  // namespace fairlist::api
