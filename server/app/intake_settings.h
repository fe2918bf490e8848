// Intake settings: what the configuration says to the servers that take in.
#pragma once

#include "importer/lmtp/lmtp_server.h"
#include "listing/base/result.h"
#include "server/config/config.h"
#include "server/http/http_settings.h"
#include "server/net/socket.h"

#include <span>
#include <string_view>

namespace fairlist::app {

inline constexpr const char* kRestartHint = "needs a restart: systemctl restart fairlistd";

[[nodiscard]] importer::LmtpServerOptions lmtp_options(const config::Trap& trap);

[[nodiscard]] http::TlsFiles tls_files(const config::Http& config);
// With other descriptors of the sockets. Errors: Io.
[[nodiscard]] Result<http::HttpSettings> http_settings(const config::Http& config,
                                                       std::span<const net::Socket> sockets);

// Of what takes in alone.
void log_what_needs_a_restart(const config::Config& running, const config::Config& wanted);

// What servers tell an operator, into the log.
void warn_operator(std::string_view what);

}  // namespace fairlist::app
