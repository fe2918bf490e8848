// HttpServer: HTTP/1.1 over TCP, TLS and a Unix socket.
#pragma once

#include "listing/base/result.h"
#include "server/http/access.h"
#include "server/http/http_counters.h"
#include "server/http/http_settings.h"
#include "server/http/router.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace fairlist::http {

// One thread does all reading and writing, and limits.workers threads run handlers, which may take
// a transaction of a database.
//
// In order: open(), start(), stop(). A server is not started twice.
class HttpServer {
  public:
    // What an operator should know; no line per request. Thread: any.
    using Warn = std::function<void(std::string_view)>;

    // Lifetime: `tokens` and what handlers use outlive the server.
    HttpServer(HttpSettings settings, Router router, TokenCheck& tokens, Warn warn);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    // Stops it.
    ~HttpServer();

    // Reads the certificate and binds everything, so that the caller can give up privileges before
    // any thread runs. A Unix socket's file that nobody listens on is replaced. Errors: Io,
    // Malformed, Conflict (somebody listens on the Unix socket, or its path is a file), OutOfRange.
    [[nodiscard]] Result<void> open();
    // Listens and serves. Requires: open() went well. Errors: Io.
    [[nodiscard]] Result<void> start();
    // Accepts nothing more, answers the requests in hand (limits.stop_time at most), waits for
    // handlers to return, removes the Unix socket's file. More than once does no harm.
    void stop() noexcept;

    // Reads certificate and key again, for connections from now on. After an error those in force
    // stay. Thread: any, between start() and stop().
    [[nodiscard]] Result<void> reload_tls();

    // Of the endpoints, in their order. Requires: open() went well.
    [[nodiscard]] const std::vector<std::uint16_t>& ports() const noexcept;
    [[nodiscard]] const HttpCounters& counters() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fairlist::http
