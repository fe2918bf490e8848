// Supervisor: what systemd is told of the daemon's state. See sd_notify(3).
#pragma once

#include <chrono>
#include <string>

namespace fairlist::app {

// Each says nothing when nobody has asked for it (NOTIFY_SOCKET is not set).
void notify_ready(const std::string& status);
// systemd 252 has no Type=notify-reload: RELOADING=1 with the time works in all versions.
void notify_reloading();
void notify_status(const std::string& status);
void notify_stopping();
void notify_watchdog();

// How often notify_watchdog() is to be called: half the time that is allowed; zero: never.
[[nodiscard]] std::chrono::milliseconds watchdog_period();

}  // namespace fairlist::app
