#include "server/app/bypass.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <expected>
#include <utility>

namespace fairlist::app {

namespace {

using net::xdp::AttachMode;
using net::xdp::KernelBypass;

AttachMode mode_of(config::XdpMode mode) {
    switch (mode) {
        case config::XdpMode::Auto:
            return AttachMode::Auto;
        case config::XdpMode::Native:
            return AttachMode::Native;
        case config::XdpMode::Generic:
            return AttachMode::Generic;
    }
    return AttachMode::Auto;
}

Result<std::unique_ptr<KernelBypass>> open(const config::Xdp& wanted,
                                           const std::vector<Listener>& listeners,
                                           std::size_t readers_left) {
    std::vector<net::Endpoint> endpoints;
    for (const Listener& listener : listeners) {
        endpoints.push_back(listener.endpoint);
    }
    auto bypass = KernelBypass::open({.interface = wanted.interface,
                                      .queues = wanted.queues,
                                      .mode = mode_of(wanted.mode),
                                      .zero_copy = wanted.zero_copy,
                                      .busy_poll = wanted.busy_poll},
                                     endpoints);
    if (bypass && (*bypass)->sockets().size() > readers_left) {
        return fail(Errc::OutOfRange,
                    fmt::format("{} queues need as many readers of the store, and "
                                "store.readers_max leaves {}",
                                (*bypass)->sockets().size(), readers_left));
    }
    return bypass;
}

}  // namespace

std::unique_ptr<KernelBypass> open_bypass(const config::Xdp& wanted,
                                          const std::vector<Listener>& listeners,
                                          std::size_t readers_left) {
    if (wanted.interface.empty()) {
        return nullptr;
    }
    auto bypass = open(wanted, listeners, readers_left);
    if (!bypass) {
        spdlog::warn("no AF_XDP, the sockets answer everything: {}", bypass.error().message);
        return nullptr;
    }
    spdlog::info("answering by AF_XDP on {}", (*bypass)->description());
    return std::move(*bypass);
}

}  // namespace fairlist::app
