#include "server/app/supervisor.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <cstdint>

namespace fairlist::app {

namespace {

void notify(const std::string& message) {
    sd_notify(0, message.c_str());
}

}  // namespace

void notify_ready(const std::string& status) {
    notify(fmt::format("READY=1\nSTATUS={}", status));
}

void notify_reloading() {
    const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(since_boot);
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds.count()));
}

void notify_status(const std::string& status) {
    notify(fmt::format("STATUS={}", status));
}

void notify_stopping() {
    notify("STOPPING=1\nSTATUS=answering what has come in");
}

void notify_watchdog() {
    notify("WATCHDOG=1");
}

std::chrono::milliseconds watchdog_period() {
    std::uint64_t allowed_us = 0;
    if (sd_watchdog_enabled(0, &allowed_us) <= 0) {
        return std::chrono::milliseconds::zero();
    }
    return std::chrono::milliseconds(allowed_us / 2000);
}

}  // namespace fairlist::app
