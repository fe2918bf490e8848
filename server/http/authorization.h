// Authorization: whether a request may have a route (RFC 6750).
#pragma once

#include "server/http/access.h"
#include "server/http/http_message.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace fairlist::http {

inline constexpr std::size_t kTokenBytesMax = 512;

// Nothing when `roles` let the request in, and then request.principal is set, unless they are open.
// Else the finished answer: 401 with WWW-Authenticate without a valid token, 403 with one of
// another role. Only the Authorization field counts: a URL ends up in logs and in histories.
// May throw what `tokens` throws.
[[nodiscard]] std::optional<Response> authorize(const Roles& roles, Request& request,
                                                TokenCheck& tokens);

// The token of "Bearer TOKEN"; empty when the field is anything else.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization) noexcept;

}  // namespace fairlist::http
