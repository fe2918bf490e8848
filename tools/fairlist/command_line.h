// Command line: argv to a verb with its options.
#pragma once

#include "tools/fairlist/exit_status.h"
#include "tools/fairlist/session.h"

#include <functional>

namespace fairlist::cli {

// What to run. When `run` is empty, help or a complaint was printed already and `status` is all.
struct Command {
    Globals globals;
    std::function<ExitStatus(Session&)> run;
    ExitStatus status = ExitStatus::Done;
};

[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

}  // namespace fairlist::cli
