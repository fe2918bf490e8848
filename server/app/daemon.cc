#include "server/app/daemon.h"

#include "server/app/privileges.h"
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

Result<std::unique_ptr<store::Environment>> open_store(const config::Config& config) {
    return store::open_environment({.path = config.store.path,
                                    .map_bytes = config.store.map_size_mib << 20U,
                                    .readers_max = config.store.readers_max,
                                    .create = false,
                                    .read_only = true});
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

bool same_listeners(const config::Server& a, const config::Server& b) {
    return std::ranges::equal(a.listen, b.listen, [](const auto& x, const auto& y) {
        return x.address == y.address && x.port == y.port;
    });
}

void log_what_needs_a_restart(const config::Config& running, const config::Config& wanted) {
    if (!same_listeners(running.server, wanted.server)) {
        spdlog::warn("server.listen has changed: needs a restart");
    }
    if (running.server.workers != wanted.server.workers) {
        spdlog::warn("server.workers has changed: needs a restart");
    }
    if (running.server.xdp != wanted.server.xdp) {
        spdlog::warn("server.xdp has changed: needs a restart");
    }
    if (running.store.path != wanted.store.path) {
        spdlog::warn("store.path has changed: needs a restart");
    }
}

// A client's packets go to the sockets of one listener or to those of the queues, seldom to both.
unsigned sharers(unsigned workers, const net::xdp::KernelBypass* bypass) {
    const std::size_t queues = bypass == nullptr ? 0 : bypass->sockets().size();
    return std::max(workers, static_cast<unsigned>(queues));
}

}  // namespace

Daemon::Daemon(const config::Config& config, std::unique_ptr<store::Environment> environment,
               unsigned workers, Doors doors)
    : config_(config),
      environment_(std::move(environment)),
      doors_(std::move(doors)),
      maker_(*environment_, sharers(workers, doors_.bypass.get())) {}

Result<std::unique_ptr<Daemon>> Daemon::start(const config::Config& config) {
    if (config.server.listen.empty()) {
        return fail(Errc::NotFound,
                    "server.listen: missing: the tool needs none, the daemon does; add "
                    "[server] with listen = [\"192.0.2.1:53\"]");
    }
    const unsigned workers = config.server.workers == 0 ? processors() : config.server.workers;
    if (Result<void> checked = check_reader_slots(config, workers); !checked) {
        return std::unexpected(checked.error());
    }
    auto environment = open_store(config);
    if (!environment) {
        return std::unexpected(environment.error());
    }
    Result<Doors> doors = open_doors(config, workers);
    if (!doors) {
        return std::unexpected(doors.error());
    }
    std::unique_ptr<Daemon> daemon(
        new Daemon(config, std::move(*environment), workers, std::move(*doors)));
    auto settings = daemon->maker_.make(config);
    if (!settings) {
        return std::unexpected(settings.error());
    }
    daemon->box_ = std::make_unique<net::SettingsBox>(std::move(*settings));
    if (Result<void> started = daemon->start_workers(); !started) {
        return std::unexpected(started.error());
    }
    return daemon;
}

// Every socket is bound before the first thread runs: a daemon that cannot have all its addresses
// answers on none. Rights are given up here too, because each thread inherits them.
Result<Daemon::Doors> Daemon::open_doors(const config::Config& config, unsigned workers) {
    auto listeners = open_listeners(config.server.listen, workers);
    if (!listeners) {
        return std::unexpected(listeners.error());
    }
    const std::size_t readers_left = config.store.readers_max - reader_slots(config, workers);
    auto bypass = open_bypass(config.server.xdp, *listeners, readers_left);
    drop_network_privileges();
    return Doors{.listeners = std::move(*listeners), .bypass = std::move(bypass)};
}

Result<void> Daemon::start_workers() {
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
    if (Result<void> started = tcp_->start(); !started) {
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
    counters_.push_back(std::make_unique<net::Counters>());
    handlers_.push_back(
        std::make_unique<net::QueryHandler>(*environment_, *box_, *counters_.back()));
    return *handlers_.back();
}

Result<void> Daemon::reload(const config::Config& config) {
    auto settings = maker_.make(config);
    if (!settings) {
        return std::unexpected(settings.error());
    }
    log_what_needs_a_restart(config_, config);
    box_->publish(std::move(*settings));
    return {};
}

void Daemon::stop() {
    if (doors_.bypass != nullptr) {
        doors_.bypass->detach();
    }
    tcp_->request_stop();
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
    tcp_->join();
}

net::CounterTotals Daemon::totals() const {
    net::CounterTotals totals;
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
