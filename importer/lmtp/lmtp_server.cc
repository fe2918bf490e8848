#include "importer/lmtp/lmtp_server.h"

#include "importer/lmtp/listening_socket.h"
#include "importer/lmtp/lmtp_connection.h"
#include "importer/lmtp/lmtp_reply.h"
#include "listing/base/check.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <cstring>
#include <exception>
#include <thread>
#include <unordered_map>
#include <utility>

namespace fairlist::importer {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;

struct Listener {
    explicit Listener(asio::io_context& io) : acceptor(io), pause(io) {}

    asio::basic_socket_acceptor<Protocol> acceptor;
    asio::steady_timer pause;
    bool failing = false;
};

}  // namespace

class LmtpServer::Loop {
  public:
    Loop(LmtpServerOptions options, MailSink& sink);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    [[nodiscard]] Result<void> add(const Descriptor& listening);
    void start();
    void stop(std::chrono::milliseconds grace);
    [[nodiscard]] const std::vector<std::uint16_t>& ports() const noexcept { return ports_; }
    [[nodiscard]] const LmtpCounters& counters() const noexcept { return shared_.counters; }

  private:
    void run();
    void accept(Listener& listener);
    void on_accept(Listener& listener, const error_code& error, LmtpSocket socket);
    void pause(Listener& listener, const error_code& error);
    void take(LmtpSocket socket);
    void begin_stop(std::chrono::milliseconds grace);
    void forget(std::uint64_t id);

    LmtpShared shared_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::vector<std::uint16_t> ports_;
    std::unordered_map<std::uint64_t, std::shared_ptr<LmtpConnection>> connections_;
    std::uint64_t last_id_ = 0;
    asio::steady_timer grace_;
    std::thread thread_;
};

LmtpServer::Loop::Loop(LmtpServerOptions options, MailSink& sink)
    : shared_(std::move(options), sink), grace_(shared_.io) {
    shared_.closed = [this](std::uint64_t id) {
        forget(id);
    };
}

LmtpServer::Loop::~Loop() {
    stop(std::chrono::milliseconds(0));
}

Result<void> LmtpServer::Loop::add(const Descriptor& listening) {
    if (!is_listening(listening.get())) {
        return fail(Errc::Malformed,
                    fmt::format("descriptor {} is no socket that listens", listening.get()));
    }
    auto listener = std::make_unique<Listener>(shared_.io);
    // asio closes what it is given, and a Descriptor as well: each has its own.
    const int own = duplicate(listening);
    error_code error;
    listener->acceptor.assign(Protocol(family_of(listening.get()), 0), own, error);
    if (error) {
        const Descriptor closing(own);
        return fail(Errc::Io, fmt::format("cannot listen for LMTP: {}", error.message()));
    }
    listeners_.push_back(std::move(listener));
    if (const std::uint16_t port = port_of(listening.get()); port != 0) {
        ports_.push_back(port);
    }
    return {};
}

void LmtpServer::Loop::start() {
    FAIRLIST_CHECK(!thread_.joinable());
    for (const auto& listener : listeners_) {
        accept(*listener);
    }
    thread_ = std::thread([this] { run(); });
}

// An exception (no memory) costs what was being done: that connection ends at its deadline.
void LmtpServer::Loop::run() {
    while (true) {
        try {
            shared_.io.run();
            return;
        } catch (const std::exception& error) {
            shared_.warn(fmt::format("lmtp: {}", error.what()));
        }
    }
}

void LmtpServer::Loop::accept(Listener& listener) {
    listener.acceptor.async_accept([this, &listener](const error_code& error, LmtpSocket socket) {
        on_accept(listener, error, std::move(socket));
    });
}

void LmtpServer::Loop::on_accept(Listener& listener, const error_code& error, LmtpSocket socket) {
    if (shared_.stopping) {
        return;
    }
    if (error && error != asio::error::connection_aborted) {
        return pause(listener, error);
    }
    // Before anything that may fail: this listener has no other call.
    accept(listener);
    if (!error) {
        listener.failing = false;
        take(std::move(socket));
    }
}

// Without a free descriptor accept() fails at once, again and again, and the loop would spin.
void LmtpServer::Loop::pause(Listener& listener, const error_code& error) {
    if (!std::exchange(listener.failing, true)) {
        // Not error.message(): Clang's sanitizer, which needs a descriptor to look at an object,
        // takes the category for a broken one when none is left.
        shared_.warn(fmt::format("lmtp: cannot take a connection: {}; trying again every {} ms",
                                 ::strerrordesc_np(error.value()),
                                 shared_.options.accept_pause.count()));
    }
    listener.pause.expires_after(shared_.options.accept_pause);
    listener.pause.async_wait([this, &listener](const error_code& cancelled) {
        if (!cancelled && !shared_.stopping) {
            accept(listener);
        }
    });
}

void LmtpServer::Loop::take(LmtpSocket socket) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    if (connections_.size() >= shared_.options.connections_max) {
        ++shared_.counters.connections_refused;
        // One try: it fits into the buffer of a new socket, and nobody waits for this client.
        socket.write_some(asio::buffer(kTooManyConnections), ignored);
        return;
    }
    ++shared_.counters.connections;
    // Replies leave in one piece already; fails on a Unix socket, which has no such delay.
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const bool trusted = is_trusted_peer(socket.native_handle(), shared_.options.trusted);
    const std::uint64_t id = ++last_id_;
    const auto connection =
        std::make_shared<LmtpConnection>(shared_, std::move(socket), id, trusted);
    connections_.emplace(id, connection);
    connection->advance();
}

void LmtpServer::Loop::stop(std::chrono::milliseconds grace) {
    if (thread_.joinable()) {
        asio::post(shared_.io, [this, grace] { begin_stop(grace); });
        thread_.join();
    }
    shared_.postbox->close();
    listeners_.clear();
    // Their handlers, which keep them, go only with the loop itself.
    for (const auto& [id, connection] : std::exchange(connections_, {})) {
        connection->close();
    }
}

void LmtpServer::Loop::begin_stop(std::chrono::milliseconds grace) {
    shared_.stopping = true;
    for (const auto& listener : listeners_) {
        error_code ignored;
        listener->acceptor.close(ignored);
        listener->pause.cancel();
    }
    grace_.expires_after(grace);
    grace_.async_wait([this](const error_code& cancelled) {
        if (!cancelled) {
            shared_.io.stop();
        }
    });
    for (const auto& [id, connection] : connections_) {
        connection->stop();
    }
    if (connections_.empty()) {
        grace_.cancel();
    }
}

void LmtpServer::Loop::forget(std::uint64_t id) {
    connections_.erase(id);
    if (shared_.stopping && connections_.empty()) {
        grace_.cancel();
    }
}

LmtpServer::LmtpServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

LmtpServer::~LmtpServer() = default;

Result<std::unique_ptr<LmtpServer>> LmtpServer::create(LmtpServerOptions options,
                                                       const std::vector<Descriptor>& listeners,
                                                       MailSink& sink) {
    if (listeners.empty()) {
        return fail(Errc::Malformed, "no socket to take LMTP connections from");
    }
    auto loop = std::make_unique<Loop>(std::move(options), sink);
    for (const Descriptor& listener : listeners) {
        if (const auto added = loop->add(listener); !added) {
            return std::unexpected(added.error());
        }
    }
    return std::unique_ptr<LmtpServer>(new LmtpServer(std::move(loop)));
}

void LmtpServer::start() {
    loop_->start();
}

void LmtpServer::stop(std::chrono::milliseconds grace) {
    loop_->stop(grace);
}

std::vector<std::uint16_t> LmtpServer::ports() const {
    return loop_->ports();
}

const LmtpCounters& LmtpServer::counters() const noexcept {
    return loop_->counters();
}

}  // namespace fairlist::importer
