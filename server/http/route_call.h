// RouteCall: what a worker does for one request, with whatever its handler throws caught.
#pragma once

#include "server/http/access.h"
#include "server/http/http_message.h"
#include "server/http/router.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace fairlist::http {

enum class Task : std::uint8_t {
    Authorize,  // before the body is read
    Handle,     // the route is open, or Authorize went well
    Both,
};

struct Outcome {
    std::optional<Response> answer;  // nothing: let in, and the body may come
    bool has_thrown = false;
};

// Lifetime: all outlive it. Thread: a worker; `request` belongs to it meanwhile.
struct RouteCall {
    const Match& match;
    Request& request;
    TokenCheck& tokens;
    const std::function<void(std::string_view)>& warn;
    std::uint32_t retry_seconds;

    // An exception becomes a warning with its text, and a 503 without it.
    [[nodiscard]] Outcome run(Task task) const noexcept;

  private:
    [[nodiscard]] std::optional<Response> run_unguarded(Task task) const;
};

}  // namespace fairlist::http
