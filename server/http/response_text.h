// ResponseText: the header of a response as bytes.
#pragma once

#include "listing/base/time.h"
#include "server/http/http_message.h"

#include <string>

namespace fairlist::http {

struct Framing {
    Time date;
    bool close = false;  // this is the last answer on the connection
};

// Status line and fields with the empty line at the end; the body is not part of it. The same for
// HEAD as for GET (RFC 9110 section 9.3.2). Requires: is_sendable(response).
[[nodiscard]] std::string head_text(const Response& response, const Framing& framing);

// False when a handler's own header fields would break the message: a name that is no token, a
// control character in a value (response splitting), or a field that is the server's.
[[nodiscard]] bool is_sendable(const Response& response) noexcept;

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
[[nodiscard]] std::string http_date(Time time);

}  // namespace fairlist::http
