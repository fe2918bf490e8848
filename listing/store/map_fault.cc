#include "listing/store/map_fault.h"

#include <csignal>
#include <cstring>
#include <unistd.h>

namespace fairlist::store {

namespace {

const char* program_name = "";
int fault_status = 1;

void say(const char* text) noexcept {
    static_cast<void>(::write(STDERR_FILENO, text, std::strlen(text)) == 0);
}

// In a signal handler: only what POSIX calls async-signal-safe.
void on_bus_error(int) noexcept {
    say(program_name);
    say(": store: a part of data.mdb is missing or cannot be read: the file is shorter than it "
        "says, or the disk fails; restore it from a backup\n");
    ::_exit(fault_status);
}

}  // namespace

void explain_map_faults(const char* program, int status) noexcept {
    program_name = program;
    fault_status = status;
    struct sigaction action{};
    action.sa_handler = on_bus_error;
    sigemptyset(&action.sa_mask);
    static_cast<void>(sigaction(SIGBUS, &action, nullptr));
}

}  // namespace fairlist::store
