#include "server/app/signals.h"

#include <initializer_list>
#include <pthread.h>

namespace fairlist::app {

Signals::Signals() noexcept {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) {
        sigaddset(&set_, signal);
    }
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    // A log that goes into a closed pipe is an error of that write, not the end of the daemon.
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
}

Signal Signals::wait(std::chrono::milliseconds longest) const noexcept {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest);
    const std::chrono::nanoseconds rest = longest - seconds;
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = rest.count()};
    switch (sigtimedwait(&set_, nullptr, &limit)) {
        case SIGTERM:
        case SIGINT:
            return Signal::Stop;
        case SIGHUP:
            return Signal::Reload;
        case SIGUSR1:
            return Signal::Report;
        case SIGUSR2:
            return Signal::Restart;
        default:
            return Signal::None;
    }
}

}  // namespace fairlist::app
