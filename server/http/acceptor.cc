#include "server/http/acceptor.h"

#include "listing/base/time.h"
#include "server/http/problem.h"
#include "server/http/response_text.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <exception>
#include <filesystem>
#include <utility>

namespace fairlist::http {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

constexpr std::chrono::milliseconds kRest{100};

// sockaddr_un has room for 108 bytes, the zero at the end among them (unix(7)).
constexpr std::size_t kUnixPathBytesMax = 108;

asio::ip::address to_asio(const Address& address) {
    if (address.is_v4()) {
        return asio::ip::address_v4(address.v4());
    }
    return asio::ip::address_v6(address.to_bytes());
}

Peer peer_of(const tcp::socket& socket, error_code& error) {
    const asio::ip::address address = socket.remote_endpoint(error).address();
    if (error) {
        return {};
    }
    return {.address = address.is_v4() ? Address::from_v4(address.to_v4().to_uint())
                                       : Address::from_bytes(address.to_v6().to_bytes()),
            .is_unix = false};
}

Peer peer_of(const Local::socket&, error_code&) {
    return {.address = {}, .is_unix = true};
}

// Answers are written whole: waiting for more to send would only delay them.
void set_up(tcp::socket& socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
}

void set_up(Local::socket&) {}

template <typename Protocol>
class AcceptorOf final : public Acceptor {
  public:
    using Socket = typename Protocol::socket;

    AcceptorOf(const AcceptorUse& use, typename Protocol::acceptor acceptor, bool tls)
        : use_(use), acceptor_(std::move(acceptor)), rest_(use.context), tls_(tls) {}
    AcceptorOf(const AcceptorOf&) = delete;
    AcceptorOf& operator=(const AcceptorOf&) = delete;
    ~AcceptorOf() override { remove_file(); }

    Result<void> listen(OnSocket on_socket) override {
        on_socket_ = std::move(on_socket);
        error_code error;
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error) {
            return fail(Errc::Io, fmt::format("http: cannot listen: {}", error.message()));
        }
        accept();
        return {};
    }
    void close() noexcept override {
        error_code ignored;
        acceptor_.close(ignored);
        rest_.cancel();
        remove_file();
    }
    [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }

    void set_port(std::uint16_t port) noexcept { port_ = port; }
    // The file is removed at the end.
    void own_file(std::string path) { path_ = std::move(path); }

  private:
    void accept() {
        acceptor_.async_accept([this](const error_code& error, Socket socket) {
            if (error == asio::error::operation_aborted) {
                return;
            }
            if (error && error != asio::error::connection_aborted) {
                rest(error);
                return;
            }
            if (!error) {
                is_resting_ = false;
                hand_on(std::move(socket));
            }
            accept();
        });
    }
    void hand_on(Socket socket) {
        error_code error;
        const Peer peer = peer_of(socket, error);
        if (!error) {  // else it has gone already
            set_up(socket);
            on_socket_(StreamSocket(std::move(socket)), peer, tls_);
        }
    }
    void rest(const error_code& why) {
        use_.counters.add(HttpCount::AcceptErrors);
        if (!std::exchange(is_resting_, true)) {
            use_.warn(fmt::format("http: no connection can be accepted: {}", why.message()));
        }
        rest_.expires_after(kRest);
        rest_.async_wait([this](const error_code& error) {
            if (!error && acceptor_.is_open()) {
                accept();
            }
        });
    }
    void remove_file() noexcept {
        std::error_code ignored;
        if (!path_.empty()) {
            fs::remove(std::exchange(path_, {}), ignored);
        }
    }

    AcceptorUse use_;
    typename Protocol::acceptor acceptor_;
    asio::steady_timer rest_;
    OnSocket on_socket_;
    std::string path_;
    std::uint16_t port_ = 0;
    bool tls_;
    bool is_resting_ = false;
};

error_code bind_tcp(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    }
    // [::] must not take what another endpoint serves at 0.0.0.0.
    if (!error && endpoint.address().is_v6()) {
        acceptor.set_option(asio::ip::v6_only(true), error);
    }
    if (!error) {
        acceptor.bind(endpoint, error);
    }
    return error;
}

error_code open_acceptor(tcp::acceptor& acceptor, const HttpEndpoint& endpoint) {
    const tcp::endpoint wanted(to_asio(endpoint.address), endpoint.port);
    if (endpoint.socket < 0) {
        return bind_tcp(acceptor, wanted);
    }
    error_code error;
    acceptor.assign(wanted.protocol(), endpoint.socket, error);
    return error;
}

bool is_listened_on(const AcceptorUse& use, const std::string& path) {
    Local::socket probe(use.context);
    error_code error;
    probe.connect(Local::endpoint(path), error);
    return !error;
}

// Only a socket's file is ever removed.
Result<void> make_way(const AcceptorUse& use, const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (status.type() == fs::file_type::not_found) {
        return {};
    }
    if (status.type() != fs::file_type::socket) {
        return fail(Errc::Conflict, fmt::format("http: \"{}\" is there, and no socket", path));
    }
    if (is_listened_on(use, path)) {
        return fail(Errc::Conflict, fmt::format("http: somebody listens on \"{}\"", path));
    }
    fs::remove(path, error);
    if (error) {
        return fail(Errc::Io, fmt::format("http: cannot remove \"{}\": {}", path, error.message()));
    }
    return {};
}

// Nobody connects before it listens, so its permissions count from the first connection on.
Result<void> bind_unix(Local::acceptor& acceptor, const std::string& path, unsigned permissions) {
    error_code error;
    acceptor.open(Local(), error);
    if (!error) {
        acceptor.bind(Local::endpoint(path), error);
    }
    if (error) {
        return fail(Errc::Io, fmt::format("http: cannot bind \"{}\": {}", path, error.message()));
    }
    std::error_code failed;
    fs::permissions(path, static_cast<fs::perms>(permissions), failed);
    if (failed) {
        return fail(Errc::Io, fmt::format("http: cannot set the permissions of \"{}\": {}", path,
                                          failed.message()));
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Acceptor>> open_tcp(const AcceptorUse& use, const HttpEndpoint& endpoint) {
    tcp::acceptor acceptor(use.context);
    if (const error_code error = open_acceptor(acceptor, endpoint)) {
        return fail(Errc::Io,
                    fmt::format("http: cannot bind {} port {}: {}", to_string(endpoint.address),
                                endpoint.port, error.message()));
    }
    const std::uint16_t port = acceptor.local_endpoint().port();
    auto made = std::make_unique<AcceptorOf<tcp>>(use, std::move(acceptor), endpoint.tls);
    made->set_port(port);
    return made;
}

Result<std::unique_ptr<Acceptor>> open_unix(const AcceptorUse& use, const std::string& path,
                                            unsigned permissions) {
    if (path.size() >= kUnixPathBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("http: the path \"{}\" of a Unix socket is longer "
                                "than {} bytes",
                                path, kUnixPathBytesMax - 1));
    }
    if (const Result<void> free = make_way(use, path); !free) {
        return std::unexpected(free.error());
    }
    Local::acceptor acceptor(use.context);
    if (const Result<void> bound = bind_unix(acceptor, path, permissions); !bound) {
        return std::unexpected(bound.error());
    }
    auto made = std::make_unique<AcceptorOf<Local>>(use, std::move(acceptor), false);
    made->own_file(path);
    return made;
}

void refuse_connection(StreamSocket& socket, std::uint32_t retry_seconds) noexcept {
    try {
        const Response response = retry_later(503, "too many connections are open", retry_seconds);
        const std::string text =
            head_text(response, {.date = now(), .close = true}) + response.body;
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(text), ignored);
        socket.shutdown(asio::socket_base::shutdown_send, ignored);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): it is closed all the same
    }
}

}  // namespace fairlist::http
