// Acceptor: one listening socket, of TCP or a Unix socket.
#pragma once

#include "listing/base/result.h"
#include "server/http/byte_stream.h"
#include "server/http/connection.h"
#include "server/http/http_counters.h"
#include "server/http/http_settings.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace fairlist::http {

// Lifetime: all outlive the acceptor.
struct AcceptorUse {
    boost::asio::io_context& context;
    HttpCounters& counters;
    const std::function<void(std::string_view)>& warn;
};

// Bound when it is made; listens from listen() to close(). When accepting fails, mostly because no
// descriptor is left, it rests for a moment, and warns once until it works again.
//
// Thread: that of the context, once it listens.
class Acceptor {
  public:
    using OnSocket = std::function<void(StreamSocket, const Peer&, bool tls)>;

    virtual ~Acceptor() = default;
    [[nodiscard]] virtual Result<void> listen(OnSocket on_socket) = 0;
    virtual void close() noexcept = 0;
    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;  // 0 for a Unix socket
};

// Errors: Io.
[[nodiscard]] Result<std::unique_ptr<Acceptor>> open_tcp(const AcceptorUse& use,
                                                         const HttpEndpoint& endpoint);
// Replaces a socket's file that nobody listens on, and removes its own at the end. Errors: Io,
// Conflict, OutOfRange (the path is too long).
[[nodiscard]] Result<std::unique_ptr<Acceptor>> open_unix(const AcceptorUse& use,
                                                          const std::string& path,
                                                          unsigned permissions);

// Says 503 as far as that works without waiting. Requires: no TLS.
void refuse_connection(StreamSocket& socket, std::uint32_t retry_seconds) noexcept;

}  // namespace fairlist::http
