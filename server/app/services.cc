#include "server/app/services.h"

#include "listing/base/clock_shift.h"
#include "server/app/list_check.h"
#include "server/app/privileges.h"
#include "server/app/process_metrics.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <expected>
#include <iterator>
#include <utility>

namespace fairlist::app {

Result<std::unique_ptr<Services>> Services::start(const config::Config& config,
                                                  HandedSockets& handed) {
    const Result<Roles> roles = roles_of(config);
    if (!roles) {
        return std::unexpected(roles.error());
    }
    spdlog::info("roles: {}", to_string(*roles));
    if (const std::int64_t shift = clock_shift(); shift != 0) {
        spdlog::warn("$FAIRLIST_CLOCK_SHIFT: the clock is set off by {} seconds", shift);
    }
    auto store = open_store(config, roles->writes() ? StoreUse::Write : StoreUse::Read);
    if (!store) {
        return std::unexpected(store.error());
    }
    std::unique_ptr<Services> services(new Services());
    services->store_ = std::move(*store);
    // Every port is bound before the first thread runs and before rights are given up.
    if (roles->writes()) {
        auto intake = IntakeService::open(config, *roles, *services->store_, handed);
        if (!intake) {
            return std::unexpected(intake.error());
        }
        services->intake_ = std::move(*intake);
    }
    if (!roles->dns) {
        drop_network_privileges();
    }
    if (roles->dns) {
        auto daemon = Daemon::start(config, *services->store_, handed);
        if (!daemon) {
            return std::unexpected(daemon.error());
        }
        services->daemon_ = std::move(*daemon);
    }
    if (services->intake_ != nullptr) {
        services->count_dns();
        if (Result<void> started = services->intake_->start(); !started) {
            return std::unexpected(started.error());
        }
    }
    return services;
}

// Workers of HTTP read the counters of those of DNS: single numbers, and each by itself.
void Services::count_dns() {
    if (daemon_ != nullptr) {
        intake_->count_also([daemon = daemon_.get()] { return dns_metrics(daemon->totals()); });
    }
}

Result<void> Services::rehearse(const config::Config& config, HandedSockets& handed) {
    const Result<Roles> roles = roles_of(config);
    if (!roles) {
        return std::unexpected(roles.error());
    }
    const auto store = open_store(config, StoreUse::Read);
    if (!store) {
        return std::unexpected(store.error());
    }
    if (roles->writes()) {
        if (Result<void> good = IntakeService::rehearse(config, *roles, handed); !good) {
            return good;
        }
    }
    return roles->dns ? Daemon::rehearse(config, **store, handed) : Result<void>();
}

// What can fail comes first, so that zones and rules change together or not at all.
Result<void> Services::reload(const config::Config& config) {
    std::unique_ptr<Judging> judging;
    if (intake_ != nullptr) {
        auto prepared = intake_->prepare(config);
        if (!prepared) {
            return std::unexpected(prepared.error());
        }
        judging = std::move(*prepared);
    }
    if (daemon_ != nullptr) {
        if (Result<void> reloaded = daemon_->reload(config); !reloaded) {
            return reloaded;
        }
    }
    if (intake_ != nullptr) {
        intake_->use(config, std::move(judging));
    }
    return {};
}

// Who takes in goes first: what was acknowledged is in the store, whatever comes next.
void Services::stop() {
    if (intake_ != nullptr) {
        intake_->stop();
    }
    if (daemon_ != nullptr) {
        daemon_->stop();
    }
}

std::vector<net::HandedSocket> Services::hand_over() {
    std::vector<net::HandedSocket> all;
    if (intake_ != nullptr) {
        all = intake_->hand_over();
    }
    if (daemon_ != nullptr) {
        std::ranges::move(daemon_->hand_over(), std::back_inserter(all));
    }
    return all;
}

std::vector<NamedDescriptor> Services::sockets() const {
    std::vector<NamedDescriptor> all;
    if (intake_ != nullptr) {
        all = intake_->sockets();
    }
    if (daemon_ != nullptr) {
        std::ranges::move(daemon_->sockets(), std::back_inserter(all));
    }
    return all;
}

void Services::close_unwanted(std::vector<net::HandedSocket> sockets) {
    if (daemon_ != nullptr) {
        daemon_->close_unwanted(std::move(sockets));
    }
}

void Services::maintain() {
    if (const unsigned dead = store_->check_readers(); dead != 0) {
        spdlog::info("freed {} reader slots of processes that died", dead);
    }
    if (daemon_ != nullptr) {
        daemon_->maintain();
    }
    if (intake_ != nullptr) {
        intake_->maintain();
    }
}

net::CounterTotals Services::totals() const {
    return daemon_ != nullptr ? daemon_->totals() : net::CounterTotals{};
}

std::string Services::counters() const {
    std::string text = daemon_ != nullptr ? to_string(daemon_->totals()) : "";
    if (intake_ != nullptr) {
        text += (text.empty() ? "" : "; ") + intake_->counters();
    }
    return text;
}

std::string Services::status() const {
    return (daemon_ != nullptr ? "answering, " : "taking in, ") + counters();
}

bool Services::is_alive() const {
    return daemon_ == nullptr || daemon_->is_alive();
}

Ports Services::ports() const {
    Ports ports = intake_ != nullptr ? intake_->ports() : Ports{};
    if (daemon_ != nullptr) {
        ports.dns = daemon_->ports();
    }
    return ports;
}

}  // namespace fairlist::app
