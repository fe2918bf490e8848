#include "server/app/control_loop.h"

#include "server/app/config_file.h"
#include "server/app/logging.h"
#include "server/app/roles.h"
#include "server/app/supervisor.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace fairlist::app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kStatusPeriod{60'000};

void reload(Services& services, const CommandLine& command_line) {
    spdlog::info("reading {} again", command_line.config.string());
    std::optional<config::Config> config = load_or_log(command_line.config);
    Result<void> reloaded = fail(Errc::Malformed, "it has faults");
    if (config) {
        take_roles(command_line, *config);
        reloaded = services.reload(*config);
    }
    if (!reloaded) {
        spdlog::error("the running configuration was not changed: {}", reloaded.error().message);
        return;
    }
    if (const Result<void> logging = configure_logging(*config); !logging) {
        spdlog::error("{}", logging.error().message);
    }
    spdlog::info("the new configuration is in force");
}

bool may_restart(const Services& services, const Successor& successor) {
    spdlog::info("restarting: rehearsal first");
    const Result<void> rehearsed = successor.rehearse(services.sockets());
    if (!rehearsed) {
        spdlog::error("no restart, going on as before: {}", rehearsed.error().message);
    }
    return rehearsed.has_value();
}

// What workers only count, because they do not log.
void log_troubles(const net::CounterTotals& now, net::CounterTotals& logged) {
    if (now.tcp_accept_errors != logged.tcp_accept_errors) {
        spdlog::warn("TCP connections had to wait: no descriptors or memory left ({} are open)",
                     now.tcp_open);
    }
    if (now.send_errors != logged.send_errors) {
        spdlog::warn("{} answers could not be sent", now.send_errors - logged.send_errors);
    }
    logged = now;
}

std::string status_of(const Services& services) {
    return services.status();
}

}  // namespace

Ending run_until_ended(Services& services, const CommandLine& command_line, const Signals& signals,
                       const Successor& successor) {
    const std::chrono::milliseconds watchdog = watchdog_period();
    const bool is_watched = watchdog.count() != 0;
    const std::chrono::milliseconds period =
        is_watched ? std::min(watchdog, kStatusPeriod) : kStatusPeriod;
    Clock::time_point next_status = Clock::now() + kStatusPeriod;
    net::CounterTotals logged;
    notify_ready(status_of(services));
    for (;;) {
        switch (signals.wait(period)) {
            case Signal::Stop:
                return Ending::Stop;
            case Signal::Reload:
                notify_reloading();
                reload(services, command_line);
                notify_ready(status_of(services));
                break;
            case Signal::Restart:
                notify_reloading();
                if (may_restart(services, successor)) {
                    return Ending::HandOver;
                }
                notify_ready(status_of(services));
                break;
            case Signal::Report:
                spdlog::info("counters: {}", services.counters());
                break;
            case Signal::None:
                break;
        }
        // A worker that hangs in a batch stops the watchdog's signs of life, and systemd restarts
        // the daemon.
        if (is_watched && services.is_alive()) {
            notify_watchdog();
        }
        if (Clock::now() >= next_status) {
            next_status = Clock::now() + kStatusPeriod;
            notify_status(status_of(services));
            services.maintain();
            log_troubles(services.totals(), logged);
        }
    }
}

}  // namespace fairlist::app
