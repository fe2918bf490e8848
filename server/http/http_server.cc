#include "server/http/http_server.h"

#include "listing/base/check.h"
#include "server/http/acceptor.h"
#include "server/http/connection.h"
#include "server/http/tls_context.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <thread>
#include <unordered_map>
#include <utility>

namespace fairlist::http {

namespace asio = boost::asio;

struct HttpServer::Impl {
    Impl(HttpSettings the_settings, Router the_router, TokenCheck& tokens, Warn the_warn)
        : settings(std::move(the_settings)),
          router(std::move(the_router)),
          warn(std::move(the_warn)),
          clients(settings.limits.connections_per_client, settings.limits.rate),
          jobs(context, settings.limits.workers, settings.limits.jobs_waiting),
          shared{.limits = settings.limits,
                 .router = router,
                 .tokens = tokens,
                 .counters = counters,
                 .warn = warn,
                 .context = context,
                 .clients = clients,
                 .proxies = settings.proxies,
                 .jobs = jobs},
          grace(context) {}

    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> start();
    void stop() noexcept;
    void begin_stop();
    void end_all();
    void run() noexcept;
    void serve(StreamSocket socket, const Peer& peer, bool tls);
    [[nodiscard]] bool admit(const Peer& peer);
    void forget(Connection* connection, const Peer& peer);
    [[nodiscard]] std::vector<std::shared_ptr<Connection>> living() const;

    HttpSettings settings;
    Router router;
    Warn warn;
    HttpCounters counters;
    ClientLimits clients;
    std::unordered_map<Connection*, std::weak_ptr<Connection>> connections;
    std::shared_ptr<asio::ssl::context> tls;
    std::vector<std::uint16_t> ports;
    // Destroyed before all that its handlers refer to.
    asio::io_context context{1};
    JobPool jobs;
    Shared shared;
    asio::steady_timer grace;
    std::vector<std::unique_ptr<Acceptor>> acceptors;
    std::thread thread;
};

Result<void> HttpServer::Impl::open() {
    const bool wants_tls = std::ranges::any_of(settings.endpoints, &HttpEndpoint::tls);
    if (wants_tls) {
        auto made = make_tls_context(settings.tls);
        if (!made) {
            return std::unexpected(made.error());
        }
        tls = *std::move(made);
    }
    const AcceptorUse use{.context = context, .counters = counters, .warn = warn};
    for (const HttpEndpoint& endpoint : settings.endpoints) {
        auto acceptor = open_tcp(use, endpoint);
        if (!acceptor) {
            return std::unexpected(acceptor.error());
        }
        ports.push_back((*acceptor)->port());
        acceptors.push_back(*std::move(acceptor));
    }
    if (!settings.unix_socket.empty()) {
        auto acceptor = open_unix(use, settings.unix_socket, settings.unix_permissions);
        if (!acceptor) {
            return std::unexpected(acceptor.error());
        }
        acceptors.push_back(*std::move(acceptor));
    }
    return {};
}

Result<void> HttpServer::Impl::start() {
    for (const auto& acceptor : acceptors) {
        const Result<void> listening =
            acceptor->listen([this](StreamSocket socket, const Peer& peer, bool wants_tls) {
                serve(std::move(socket), peer, wants_tls);
            });
        if (!listening) {
            return listening;
        }
    }
    jobs.start();
    thread = std::thread([this] { run(); });
    return {};
}

// What throws here is memory that ran out: the connection at hand is lost, the others are served.
void HttpServer::Impl::run() noexcept {
    for (bool is_done = false; !is_done;) {
        try {
            context.run();
            is_done = true;
        } catch (const std::exception& error) {
            warn(fmt::format("http: a connection was lost: {}", error.what()));
        }
    }
}

void HttpServer::Impl::stop() noexcept {
    if (thread.joinable()) {
        asio::post(context, [this] { begin_stop(); });
        thread.join();
    }
    acceptors.clear();
}

// The thread ends by itself when nothing is left to wait for.
void HttpServer::Impl::begin_stop() {
    shared.stopping = true;
    for (const auto& acceptor : acceptors) {
        acceptor->close();
    }
    for (const auto& connection : living()) {
        connection->stop();
    }
    if (!connections.empty()) {
        grace.expires_after(settings.limits.stop_time);
        grace.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                end_all();
            }
        });
    }
}

void HttpServer::Impl::end_all() {
    for (const auto& connection : living()) {
        connection->end();
    }
}

std::vector<std::shared_ptr<Connection>> HttpServer::Impl::living() const {
    std::vector<std::shared_ptr<Connection>> out;
    for (const auto& [pointer, weak] : connections) {
        if (auto connection = weak.lock()) {
            out.push_back(std::move(connection));
        }
    }
    return out;
}

bool HttpServer::Impl::admit(const Peer& peer) {
    return connections.size() < settings.limits.connections &&
           (peer.is_unix || clients.open(peer.address, monotonic_ms()));
}

void HttpServer::Impl::serve(StreamSocket socket, const Peer& peer, bool wants_tls) {
    if (!admit(peer)) {
        counters.add(HttpCount::Refused);
        if (!wants_tls) {
            refuse_connection(socket, settings.limits.retry_seconds);
        }
        return;
    }
    counters.add(HttpCount::Opened);
    counters.add(HttpCount::Open);
    auto stream = wants_tls ? tls_stream(std::move(socket), tls) : plain_stream(std::move(socket));
    // Known to its own end only by address; it removes itself before that is reused.
    auto place = std::make_shared<Connection*>(nullptr);
    auto connection = std::make_shared<Connection>(shared, std::move(stream), peer,
                                                   [this, place, peer] { forget(*place, peer); });
    *place = connection.get();
    connections.emplace(connection.get(), connection);
    connection->start();
}

void HttpServer::Impl::forget(Connection* connection, const Peer& peer) {
    connections.erase(connection);
    counters.subtract(HttpCount::Open);
    if (!peer.is_unix) {
        clients.close(peer.address, monotonic_ms());
    }
    if (shared.stopping && connections.empty()) {
        grace.cancel();
    }
}

HttpServer::HttpServer(HttpSettings settings, Router router, TokenCheck& tokens, Warn warn)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(router), tokens,
                                   std::move(warn))) {}

HttpServer::~HttpServer() {
    stop();
}

Result<void> HttpServer::open() {
    return impl_->open();
}

Result<void> HttpServer::start() {
    FAIRLIST_CHECK(!impl_->thread.joinable());
    return impl_->start();
}

void HttpServer::stop() noexcept {
    impl_->stop();
}

Result<void> HttpServer::reload_tls() {
    auto made = make_tls_context(impl_->settings.tls);
    if (!made) {
        return std::unexpected(made.error());
    }
    asio::post(impl_->context, [impl = impl_.get(), next = *std::move(made)] { impl->tls = next; });
    return {};
}

const std::vector<std::uint16_t>& HttpServer::ports() const noexcept {
    return impl_->ports;
}

const HttpCounters& HttpServer::counters() const noexcept {
    return impl_->counters;
}

}  // namespace fairlist::http
