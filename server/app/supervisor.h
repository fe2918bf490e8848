// Supervisor: what systemd is told of the daemon's state. See sd_notify(3).
#pragma once

#include "server/app/handover_list.h"

#include <chrono>
#include <string>
#include <vector>

namespace fairlist::app {

// Each says nothing when nobody has asked for it (NOTIFY_SOCKET is not set).
void notify_ready(const std::string& status);
// systemd 252 has no Type=notify-reload: RELOADING=1 with the time works in all versions.
void notify_reloading();
void notify_status(const std::string& status);
void notify_stopping();
void notify_watchdog();

// Somebody listens to what is told here.
[[nodiscard]] bool is_supervised();

// Gives systemd the sockets to keep until the next start, which gets them by LISTEN_FDS
// (FileDescriptorStoreMax= in systemd.service(5)); it keeps one of each, however often it is told.
void store_sockets(const std::vector<NamedDescriptor>& sockets);
// Has systemd close all sockets of that name.
void forget_sockets(const std::string& name);
// Waits until systemd has what it was given, or a second.
void wait_until_stored();
// What systemd has handed over, by a socket unit or from its store. Errors: which variable is
// wrong.
[[nodiscard]] Result<std::vector<NamedDescriptor>> sockets_of_systemd();

// How often notify_watchdog() is to be called: half the time that is allowed; zero: never.
[[nodiscard]] std::chrono::milliseconds watchdog_period();

}  // namespace fairlist::app
