// ByteStream: a connected socket, plain or with TLS.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace fairlist::http {

// One read and one write at a time. Every callback comes once, from the thread that runs the
// socket's context, also after cancel() and close(). What a callback holds lives until then.
//
// Thread: that of the context.
class ByteStream {
  public:
    using OnRead = std::move_only_function<void(std::size_t bytes)>;  // 0: end, error, cancelled
    using OnDone = std::move_only_function<void(bool ok)>;

    virtual ~ByteStream() = default;
    [[nodiscard]] virtual bool is_tls() const noexcept = 0;
    // At once without TLS.
    virtual void handshake(OnDone done) = 0;
    // Lifetime: `buffer` until the callback.
    virtual void read_some(std::span<char> buffer, OnRead done) = 0;
    // Both, one after the other. Lifetime: both texts until the callback.
    virtual void write(std::string_view head, std::string_view body, OnDone done) = 0;
    // Tells the peer that nothing more is sent: FIN, or close_notify, and then waits for the
    // peer's.
    virtual void end_sending(OnDone done) = 0;
    virtual void cancel() noexcept = 0;
    virtual void close() noexcept = 0;
};

using StreamSocket = boost::asio::generic::stream_protocol::socket;

[[nodiscard]] std::unique_ptr<ByteStream> plain_stream(StreamSocket socket);
// Keeps the context: a reload does not disturb connections.
[[nodiscard]] std::unique_ptr<ByteStream> tls_stream(
    StreamSocket socket, std::shared_ptr<boost::asio::ssl::context> context);

}  // namespace fairlist::http
