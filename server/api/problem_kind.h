// Problem kind: what may go wrong that a client acts upon, each with a URI that stays (RFC 9457).
#pragma once

#include "listing/base/result.h"
#include "server/http/http_message.h"
#include "server/http/problem.h"

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::api {

struct ProblemKind {
    std::string_view word;    // "not-listed"; its URI is "/v1/problems/not-listed"
    std::string_view title;   // for people
    std::string_view remedy;  // what a client does about it
};

[[nodiscard]] std::span<const ProblemKind> problem_kinds() noexcept;
// Requires: one of problem_kinds().
[[nodiscard]] std::string problem_uri(std::string_view word);

// Why a request was not done.
struct Fault {
    http::Problem problem;
    std::uint32_t retry_seconds = 0;  // Retry-After; 0: none
};

// `kind`: a word of problem_kinds(); empty: the status tells all of it.
[[nodiscard]] std::unexpected<Fault> refuse(unsigned status, std::string_view kind,
                                            std::string detail);
// By the error's code; that of Io is not told.
[[nodiscard]] std::unexpected<Fault> refuse(const Error& error);

[[nodiscard]] http::Response to_response(const Fault& fault);

}  // namespace fairlist::api
