#include "server/app/command_line.h"

#include <CLI/CLI.hpp>

namespace fairlist::app {

std::expected<CommandLine, ExitStatus> parse_command_line(int count, const char* const* words) {
    CommandLine result;
    CLI::App app("Answers DNS queries from a Fairlist store.", "fairlistd");
    app.set_version_flag("--version", "fairlistd " FAIRLIST_VERSION);
    app.add_option("--config", result.config, "the configuration (fairlist.toml(5))")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--ports-file", result.ports_file, "write the ports in use to it, as JSON")
        ->type_name("FILE");
    app.add_flag("--check", result.check, "report the configuration's faults and end");
    app.add_flag("--rehearse", result.rehearse, "try all of a start but answering, and end");
    app.footer(
        "SIGHUP reads the configuration anew, SIGUSR1 logs the counters, SIGUSR2 restarts without "
        "losing a query, SIGTERM ends.");
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        return std::unexpected(app.exit(error) == 0 ? ExitStatus::Done : ExitStatus::Usage);
    }
    return result;
}

}  // namespace fairlist::app
