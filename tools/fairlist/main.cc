#include "listing/store/map_fault.h"
#include "tools/fairlist/command_line.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"

#include <exception>

namespace {

using fairlist::cli::ExitStatus;

// A broken store (disk full, corrupt file) is an exception; it is told here, once.
ExitStatus run(const fairlist::cli::Command& command) {
    fairlist::cli::Session session(command.globals);
    try {
        return command.run(session);
    } catch (const std::exception& error) {
        return session.report({fairlist::Errc::Io, error.what()});
    }
}

}  // namespace

int main(int argc, char** argv) {
    fairlist::store::explain_map_faults("fairlist");
    const auto command = fairlist::cli::parse_command_line(argc, argv);
    ExitStatus status = command.run ? run(command) : command.status;
    if (!fairlist::cli::flush_output() && status == ExitStatus::Done) {
        fairlist::cli::print_error("fairlist: cannot write to standard output\n");
        status = ExitStatus::Failed;
    }
    return static_cast<int>(status);
}
