#include "server/http/byte_stream.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <utility>

namespace fairlist::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// What both kinds do the same way. `Stream` reads and writes; the socket is below.
template <typename Stream>
class StreamOf : public ByteStream {
  public:
    void read_some(std::span<char> buffer, OnRead done) override {
        stream_.async_read_some(
            asio::buffer(buffer.data(), buffer.size()),
            [done = std::move(done)](const error_code& error, std::size_t bytes) mutable {
                done(error ? 0 : bytes);
            });
    }
    void write(std::string_view head, std::string_view body, OnDone done) override {
        const std::array<asio::const_buffer, 2> parts = {asio::buffer(head), asio::buffer(body)};
        asio::async_write(stream_, parts,
                          [done = std::move(done)](const error_code& error, std::size_t) mutable {
                              done(!error);
                          });
    }
    void cancel() noexcept override {
        error_code ignored;
        stream_.lowest_layer().cancel(ignored);
    }
    void close() noexcept override {
        error_code ignored;
        stream_.lowest_layer().close(ignored);
    }

  protected:
    template <typename... Arguments>
    explicit StreamOf(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...) {}

    [[nodiscard]] Stream& stream() noexcept { return stream_; }

  private:
    Stream stream_;
};

class PlainStream final : public StreamOf<StreamSocket> {
  public:
    explicit PlainStream(StreamSocket socket) : StreamOf(std::move(socket)) {}

    [[nodiscard]] bool is_tls() const noexcept override { return false; }
    void handshake(OnDone done) override { done(true); }
    void end_sending(OnDone done) override {
        error_code error;
        stream().shutdown(asio::socket_base::shutdown_send, error);
        done(!error);
    }
};

// A base goes first, so that the context is destroyed last.
struct ContextHolder {
    std::shared_ptr<asio::ssl::context> held;
};

class TlsStream final : private ContextHolder, public StreamOf<asio::ssl::stream<StreamSocket>> {
  public:
    TlsStream(StreamSocket socket, std::shared_ptr<asio::ssl::context> context)
        : ContextHolder{std::move(context)}, StreamOf(std::move(socket), *held) {}

    [[nodiscard]] bool is_tls() const noexcept override { return true; }
    void handshake(OnDone done) override {
        stream().async_handshake(
            asio::ssl::stream_base::server,
            [done = std::move(done)](const error_code& error) mutable { done(!error); });
    }
    void end_sending(OnDone done) override {
        stream().async_shutdown(
            [done = std::move(done)](const error_code& error) mutable { done(!error); });
    }
};

}  // namespace

std::unique_ptr<ByteStream> plain_stream(StreamSocket socket) {
    return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<ByteStream> tls_stream(StreamSocket socket,
                                       std::shared_ptr<asio::ssl::context> context) {
    return std::make_unique<TlsStream>(std::move(socket), std::move(context));
}

}  // namespace fairlist::http
