#include "server/app/daemon.h"

#include "server/app/list_check.h"
#include "server/app/privileges.h"
#include "server/app/unwanted_sockets.h"
#include "server/net/message_handler.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <expected>
#include <sched.h>
#include <string>
#include <utility>

namespace fairlist::app {

namespace {

unsigned processors() {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0) {
        return 1;
    }
    return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
}

// Each thread that answers holds one of the store's reader slots; one more is for the start.
std::size_t reader_slots(const config::Config& config, unsigned workers) {
    return config.server.listen.size() * workers + 2;
}

Result<void> check_reader_slots(const config::Config& config, unsigned workers) {
    const std::size_t needed = reader_slots(config, workers) - 1;
    if (needed >= config.store.readers_max) {
        return fail(
            Errc::OutOfRange,
            fmt::format("store.readers_max: \"{}\": {} addresses with {} workers each need "
                        "more than {}",
                        config.store.readers_max, config.server.listen.size(), workers, needed));
    }
    return {};
}

unsigned worker_count(const config::Config& config) {
    return config.server.workers == 0 ? processors() : config.server.workers;
}

bool same_listeners(const config::Server& a, const config::Server& b) {
    return std::ranges::equal(a.listen, b.listen, [](const auto& x, const auto& y) {
        return x.address == y.address && x.port == y.port;
    });
}

constexpr const char* kRestartHint =
    "needs a restart, which loses no query: systemctl restart fairlistd, or signal SIGUSR2";

void log_what_needs_a_restart(const config::Config& running, const config::Config& wanted) {
    if (!same_listeners(running.server, wanted.server)) {
        spdlog::warn("server.listen has changed: {}", kRestartHint);
    }
    if (running.server.workers != wanted.server.workers) {
        spdlog::warn("server.workers has changed: {}", kRestartHint);
    }
    if (running.server.busy_poll_us != wanted.server.busy_poll_us) {
        spdlog::warn("server.busy_poll_us has changed: {}", kRestartHint);
    }
    if (running.server.xdp != wanted.server.xdp) {
        spdlog::warn("server.xdp has changed: {}", kRestartHint);
    }
    if (running.store.path != wanted.store.path) {
        spdlog::warn("store.path has changed: {}", kRestartHint);
    }
}

// What comes in while one daemon has ended and the next has not begun waits in these buffers.
void warn_of_small_buffers(const std::vector<Listener>& listeners) {
    const int bytes = net::receive_buffer_bytes(listeners.front().udp.front());
    if (bytes < net::kUdpBufferBytes) {
        spdlog::warn(
            "UDP receive buffers of {} KiB: a burst or a restart may lose queries; set sysctl "
            "net.core.rmem_max to {}",
            bytes / 1024, net::kUdpBufferBytes);
    }
}

// For handed-over sockets also when it is off: the configuration may have changed.
void poll_busily(const std::vector<Listener>& listeners, unsigned microseconds) {
    bool agreed = true;
    for (const Listener& listener : listeners) {
        for (const net::Socket& socket : listener.udp) {
            agreed = net::set_busy_poll(socket, microseconds) && agreed;
        }
    }
    if (!agreed && microseconds != 0) {
        spdlog::warn(
            "server.busy_poll_us: the kernel refuses: it needs CAP_NET_ADMIN at the start, or "
            "sysctl net.core.busy_read of {} or more",
            microseconds);
    }
}

// A client's packets go to the sockets of one listener or to those of the queues, seldom to both.
unsigned sharers(unsigned workers, const net::xdp::KernelBypass* bypass) {
    const std::size_t queues = bypass == nullptr ? 0 : bypass->sockets().size();
    return std::max(workers, static_cast<unsigned>(queues));
}

}  // namespace

Daemon::Daemon(const config::Config& config, store::Environment& environment, Doors doors)
    : config_(config),
      environment_(environment),
      doors_(std::move(doors)),
      maker_(environment_, sharers(worker_count(config), doors_.bypass.get())) {}

Result<void> Daemon::prepare(const config::Config& config, store::Environment& environment,
                             UnknownList unknown) {
    if (config.server.listen.empty()) {
        return fail(Errc::NotFound,
                    "server.listen: missing: the tool needs none, the daemon does; add "
                    "[server] with listen = [\"192.0.2.1:53\"]");
    }
    if (Result<void> checked = check_reader_slots(config, worker_count(config)); !checked) {
        return checked;
    }
    return check_lists(config, environment, unknown);
}

Result<std::unique_ptr<Daemon>> Daemon::start(const config::Config& config,
                                              store::Environment& environment,
                                              HandedSockets& handed) {
    if (Result<void> good = prepare(config, environment, UnknownList::Warn); !good) {
        return std::unexpected(good.error());
    }
    Result<Doors> doors = open_doors(config, handed);
    if (!doors) {
        return std::unexpected(doors.error());
    }
    std::unique_ptr<Daemon> daemon(new Daemon(config, environment, std::move(*doors)));
    auto settings = daemon->maker_.make(config);
    if (!settings) {
        return std::unexpected(settings.error());
    }
    daemon->box_ = std::make_unique<net::SettingsBox>(std::move(*settings));
    if (Result<void> started = daemon->start_workers(handed); !started) {
        return std::unexpected(started.error());
    }
    return daemon;
}

Result<void> Daemon::rehearse(const config::Config& config, store::Environment& environment,
                              HandedSockets& handed) {
    if (Result<void> good = prepare(config, environment, UnknownList::Refuse); !good) {
        return good;
    }
    const SettingsMaker maker(environment, worker_count(config));
    if (const auto settings = maker.make(config); !settings) {
        return std::unexpected(settings.error());
    }
    // With one worker no socket joins others on their port, where it would get some of the queries.
    if (const auto listeners = open_listeners(config.server.listen, 1, handed); !listeners) {
        return std::unexpected(listeners.error());
    }
    return {};
}

// Every socket is bound before the first thread runs: a daemon that cannot have all its addresses
// answers on none. Rights are given up here too, because each thread inherits them.
Result<Daemon::Doors> Daemon::open_doors(const config::Config& config, HandedSockets& handed) {
    const unsigned workers = worker_count(config);
    auto listeners = open_listeners(config.server.listen, workers, handed);
    if (!listeners) {
        return std::unexpected(listeners.error());
    }
    warn_of_small_buffers(*listeners);
    poll_busily(*listeners, config.server.busy_poll_us);
    const std::size_t readers_left = config.store.readers_max - reader_slots(config, workers);
    auto bypass = open_bypass(config.server.xdp, *listeners, readers_left);
    drop_network_privileges();
    return Doors{.listeners = std::move(*listeners), .bypass = std::move(bypass)};
}

Result<void> Daemon::start_workers(HandedSockets& handed) {
    std::vector<net::Socket> tcp;
    for (Listener& listener : doors_.listeners) {
        for (net::Socket& socket : listener.udp) {
            add_udp_server(fmt::format("udp-{}", udp_.size()), std::move(socket));
        }
        tcp.push_back(std::move(listener.tcp));
        ports_.push_back(listener.endpoint.port);
    }
    add_xdp_servers();
    net::QueryHandler& handler = add_handler();
    tcp_ = std::make_unique<net::TcpServer>(std::move(tcp), *box_, handler, *counters_.back());
    if (Result<void> started = tcp_->start(handed.take_connections()); !started) {
        return started;
    }
    for (const auto& server : udp_) {
        server->start();
    }
    for (const auto& server : xdp_) {
        server->start();
    }
    for (const Listener& listener : doors_.listeners) {
        spdlog::info("listening on udp {}", to_string(listener.endpoint));
        spdlog::info("listening on tcp {}", to_string(listener.endpoint));
    }
    return {};
}

void Daemon::add_udp_server(std::string name, net::Socket socket) {
    net::QueryHandler& handler = add_handler();
    udp_.push_back(std::make_unique<net::UdpServer>(std::move(socket), std::move(name), handler,
                                                    *counters_.back()));
}

void Daemon::add_xdp_servers() {
    if (doors_.bypass == nullptr) {
        return;
    }
    for (const auto& socket : doors_.bypass->sockets()) {
        net::QueryHandler& handler = add_handler();
        xdp_.push_back(std::make_unique<net::xdp::XdpServer>(*socket, doors_.bypass->mtu(),
                                                             fmt::format("xdp-{}", xdp_.size()),
                                                             handler, *counters_.back()));
    }
}

net::QueryHandler& Daemon::add_handler() {
    {
        const std::lock_guard lock(counters_mutex_);
        counters_.push_back(std::make_unique<net::Counters>());
    }
    handlers_.push_back(
        std::make_unique<net::QueryHandler>(environment_, *box_, *counters_.back()));
    return *handlers_.back();
}

Result<void> Daemon::reload(const config::Config& config) {
    if (environment_.is_replaced()) {
        return fail(Errc::Conflict,
                    fmt::format("the store was replaced by another one: {}", kRestartHint));
    }
    if (Result<void> good = check_lists(config, environment_, UnknownList::Refuse); !good) {
        return good;
    }
    auto settings = maker_.make(config);
    if (!settings) {
        return std::unexpected(settings.error());
    }
    log_what_needs_a_restart(config_, config);
    box_->publish(std::move(*settings));
    return {};
}

void Daemon::stop() {
    stop_workers(net::Ending::Close);
}

// TCP first: a client that is slow to take its answers then holds up no datagrams.
void Daemon::stop_workers(net::Ending ending) {
    if (doors_.bypass != nullptr) {
        doors_.bypass->detach();
    }
    tcp_->request_stop(ending);
    tcp_->join();
    for (const auto& server : xdp_) {
        server->request_stop();
    }
    for (const auto& server : udp_) {
        server->request_stop();
    }
    for (const auto& server : xdp_) {
        server->join();
    }
    for (const auto& server : udp_) {
        server->join();
    }
}

std::vector<net::HandedSocket> Daemon::hand_over() {
    stop_workers(net::Ending::HandOver);
    std::vector<net::Socket> open = tcp_->release();
    for (const auto& server : udp_) {
        open.push_back(server->release());
    }
    std::vector<net::HandedSocket> sockets;
    for (net::Socket& socket : open) {
        // A connection that was reset meanwhile is no error.
        if (Result<net::HandedSocket> handed = net::take_over(socket.release())) {
            sockets.push_back(std::move(*handed));
        }
    }
    return sockets;
}

std::vector<NamedDescriptor> Daemon::sockets() const {
    std::vector<NamedDescriptor> result;
    const auto add = [&](net::SocketKind kind, const net::Socket& socket) {
        if (const Result<net::Endpoint> endpoint = net::local_endpoint(socket)) {
            result.push_back({net::handed_name(kind, *endpoint), socket.descriptor()});
        }
    };
    for (const auto& server : udp_) {
        add(net::SocketKind::Udp, server->socket());
    }
    for (const net::Socket& listener : tcp_->listeners()) {
        add(net::SocketKind::TcpListener, listener);
    }
    return result;
}

void Daemon::close_unwanted(std::vector<net::HandedSocket> sockets) {
    if (!sockets.empty()) {
        net::QueryHandler& handler = add_handler();
        answer_and_close(std::move(sockets), *box_, handler, *counters_.back());
    }
}

void Daemon::maintain() {
    if (environment_.is_replaced()) {
        spdlog::error("the store was replaced by another one: {}", kRestartHint);
    }
}

net::CounterTotals Daemon::totals() const {
    net::CounterTotals totals;
    const std::lock_guard lock(counters_mutex_);
    for (const auto& counters : counters_) {
        totals.add(*counters);
    }
    if (doors_.bypass != nullptr) {
        totals.xdp_lost = doors_.bypass->lost();
    }
    return totals;
}

bool Daemon::is_alive() const {
    const std::uint64_t now_ms = net::current_moment().monotonic_ms;
    return std::ranges::all_of(counters_, [&](const auto& counters) {
        const std::uint64_t since_ms = counters->busy_since_ms.value();
        return since_ms == 0 || since_ms + kBatchMsMax > now_ms;
    });
}

}  // namespace fairlist::app
