#include "server/http/authorization.h"

#include "server/http/problem.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fairlist::http {

namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_token_char(char c) noexcept {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/").contains(c);
}

// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (section 2.1).
bool is_b64token(std::string_view text) noexcept {
    const std::size_t end = text.find_last_not_of('=');
    return end != std::string_view::npos && text.size() <= kTokenBytesMax &&
           std::ranges::all_of(text.substr(0, end + 1), is_token_char);
}

// Section 3.1: who sent no token is not told of an error.
Response unauthorized(bool with_token) {
    Response response = problem(401, with_token ? "the token is not valid"
                                                : "this needs a token, as Authorization: Bearer");
    response.headers.emplace_back("WWW-Authenticate",
                                  with_token ? R"(Bearer realm="fairlist", error="invalid_token")"
                                             : R"(Bearer realm="fairlist")");
    return response;
}

}  // namespace

std::string_view bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view kScheme = "bearer ";
    // The name of a scheme has no case (RFC 9110 section 11.1).
    if (authorization.size() <= kScheme.size() ||
        !std::ranges::equal(authorization.substr(0, kScheme.size()), kScheme, {}, lower)) {
        return {};
    }
    std::string_view token = authorization.substr(kScheme.size());
    token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
    return is_b64token(token) ? token : std::string_view();
}

std::optional<Response> authorize(const Roles& roles, Request& request, TokenCheck& tokens) {
    request.principal.reset();
    if (roles.is_open()) {
        return std::nullopt;
    }
    if (request.authorization.empty()) {
        return unauthorized(false);
    }
    const std::string_view token = bearer_token(request.authorization);
    std::optional<Principal> principal = token.empty() ? std::nullopt : tokens.principal(token);
    if (!principal) {
        return unauthorized(true);
    }
    if (!roles.contains(principal->role)) {
        return problem(403, "the token is of another role");
    }
    request.principal = std::move(principal);
    return std::nullopt;
}

}  // namespace fairlist::http
