#include "server/app/services.h"

#include "server/app/list_check.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <expected>
#include <utility>

namespace fairlist::app {

Result<std::unique_ptr<Services>> Services::start(const config::Config& config,
                                                  HandedSockets& handed) {
    const Result<Roles> roles = roles_of(config);
    if (!roles) {
        return std::unexpected(roles.error());
    }
    spdlog::info("roles: {}", to_string(*roles));
    auto store = open_store(config, roles->writes() ? StoreUse::Write : StoreUse::Read);
    if (!store) {
        return std::unexpected(store.error());
    }
    std::unique_ptr<Services> services(new Services());
    services->store_ = std::move(*store);
    // Every port is bound before the first thread runs and before rights are given up.
    if (roles->writes()) {
        auto intake = IntakeService::open(config, *roles, *services->store_);
        if (!intake) {
            return std::unexpected(intake.error());
        }
        services->intake_ = std::move(*intake);
    }
    if (roles->dns) {
        auto daemon = Daemon::start(config, *services->store_, handed);
        if (!daemon) {
            return std::unexpected(daemon.error());
        }
        services->daemon_ = std::move(*daemon);
    }
    if (services->intake_ != nullptr) {
        if (Result<void> started = services->intake_->start(); !started) {
            return std::unexpected(started.error());
        }
    }
    return services;
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
        if (Result<void> good = Judging::rehearse(config); !good) {
            return good;
        }
    }
    return roles->dns ? Daemon::rehearse(config, **store, handed) : Result<void>();
}

Result<void> Services::reload(const config::Config& config) {
    if (daemon_ != nullptr) {
        if (Result<void> reloaded = daemon_->reload(config); !reloaded) {
            return reloaded;
        }
    }
    return intake_ != nullptr ? intake_->reload(config) : Result<void>();
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
    if (intake_ != nullptr) {
        intake_->stop();
    }
    return daemon_ != nullptr ? daemon_->hand_over() : std::vector<net::HandedSocket>();
}

std::vector<NamedDescriptor> Services::sockets() const {
    return daemon_ != nullptr ? daemon_->sockets() : std::vector<NamedDescriptor>();
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
