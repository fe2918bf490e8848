// Signals: what the outside tells the daemon, taken one at a time by the main thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <signal.h>

namespace fairlist::app {

enum class Signal : std::uint8_t {
    None,     // the time is up
    Stop,     // SIGTERM, SIGINT
    Reload,   // SIGHUP
    Report,   // SIGUSR1
    Restart,  // SIGUSR2
};

// Requires: made before any thread is started, so that all of them leave these signals alone.
class Signals {
  public:
    Signals() noexcept;

    [[nodiscard]] Signal wait(std::chrono::milliseconds longest) const noexcept;

  private:
    sigset_t set_{};
};

}  // namespace fairlist::app
