// LMTP reply: the replies that do not answer a command. Each ends the connection.
#pragma once

#include <string_view>

namespace fairlist::importer {

// 421 may come at any time (RFC 5321 section 3.8); the codes behind it are those of RFC 3463.
inline constexpr std::string_view kTooManyConnections =
    "421 4.3.2 too many connections, try again later\r\n";
inline constexpr std::string_view kTimedOut = "421 4.4.2 timed out, closing\r\n";
inline constexpr std::string_view kShuttingDown = "421 4.3.2 shutting down, try again later\r\n";
inline constexpr std::string_view kNotStored = "421 4.3.0 cannot store mail, try again later\r\n";

}  // namespace fairlist::importer
