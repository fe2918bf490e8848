// CommandLine: what fairlistd was told to do. See fairlistd(8).
#pragma once

#include "server/config/config.h"

#include <expected>
#include <filesystem>
#include <vector>

namespace fairlist::app {

struct CommandLine {
    std::filesystem::path config = "/etc/fairlist/fairlist.toml";
    std::filesystem::path ports_file;  // empty: not written
    std::vector<config::Role> roles;   // instead of server.roles; empty: not given
    bool check = false;                // say what is wrong with the configuration, and end
    bool rehearse = false;             // try all of a start but answering, and end
};

// The exit status of the daemon. Documented in fairlistd(8); scripts rely on these numbers.
enum class ExitStatus : int { Done = 0, Failed = 1, Usage = 2 };

// Unexpected: the run ends here, as after --help, and what there was to print is printed.
[[nodiscard]] std::expected<CommandLine, ExitStatus> parse_command_line(int count,
                                                                        const char* const* words);

}  // namespace fairlist::app
