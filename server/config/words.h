// Words: values that the configuration writes as text, each parsed by itself.
#pragma once

#include "listing/base/result.h"
#include "server/config/config.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::config {

// "127.0.0.1:53", "[::1]:53", or the address alone for the default port.
inline constexpr std::uint16_t kDnsPort = 53;
[[nodiscard]] Result<Listener> parse_listener(std::string_view text,
                                              std::uint16_t default_port = kDnsPort);

// A name that a host may have (RFC 1123 section 2.1): letters, digits and hyphens, and no address.
// Lower case, without a final dot.
[[nodiscard]] Result<std::string> parse_host_name(std::string_view text);

// The mailbox of a start of authority, as a domain name (RFC 1035 section 3.3.13).
[[nodiscard]] Result<std::string> parse_mailbox(std::string_view text);

// "https://...", "http://...", "file:/path", or a path.
[[nodiscard]] Result<std::string> parse_source(std::string_view text);
[[nodiscard]] bool is_path(std::string_view source) noexcept;

// "service=EC2".
[[nodiscard]] Result<std::string> parse_selection_term(std::string_view text);

}  // namespace fairlist::config
