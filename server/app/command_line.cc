#include "server/app/command_line.h"

#include <CLI/CLI.hpp>

#include <map>
#include <string>

namespace fairlist::app {

namespace {

const std::map<std::string, config::Role> kRoles = {{"dns", config::Role::Dns},
                                                    {"trap", config::Role::Trap},
                                                    {"jobs", config::Role::Jobs},
                                                    {"http", config::Role::Http}};

}  // namespace

std::expected<CommandLine, ExitStatus> parse_command_line(int count, const char* const* words) {
    CommandLine result;
    CLI::App app("Answers DNS queries from a Fairlist store.", "fairlistd");
    app.set_version_flag("--version", "fairlistd " FAIRLIST_VERSION);
    app.add_option("--config", result.config, "the configuration (fairlist.toml(5))")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--ports-file", result.ports_file, "write the ports in use to it, as JSON")
        ->type_name("FILE");
    app.add_option("--roles", result.roles, "dns, trap, jobs, http: instead of server.roles")
        ->delimiter(',')
        ->transform(CLI::CheckedTransformer(kRoles, CLI::ignore_case))
        ->option_text("ROLE,...");
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
