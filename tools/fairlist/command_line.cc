#include "tools/fairlist/command_line.h"

#include "tools/fairlist/json_output.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verb_options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {

constexpr const char* kFooter =
    "\nExit status: 0 done, 1 failed, 2 the command line is wrong, 3 partly done. See fairlist(1).";

// CLI11's own message, in the form of ours.
std::string complaint(const CLI::ParseError& error) {
    std::string text = error.what();
    std::ranges::replace(text, '\n', ' ');
    while (text.ends_with('.') || text.ends_with(' ')) {
        text.pop_back();
    }
    return text + "; see \"fairlist --help\"";
}

// Help and version are exceptions with exit code 0 in CLI11.
ExitStatus finish(const CLI::App& app, const CLI::ParseError& error, const Globals& globals) {
    if (error.get_exit_code() == 0) {
        return app.exit(error) == 0 ? ExitStatus::Done : ExitStatus::Failed;
    }
    const Error usage{Errc::Malformed, complaint(error)};
    print_error(globals.json ? usage_error_json(usage)
                             : "fairlist: " + printable(usage.message) + "\n");
    return ExitStatus::Usage;
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
    Command command;
    CLI::App app("Manages the lists of a Fairlist server.", "fairlist");
    app.footer(kFooter);
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "Print the help of every verb");
    app.set_version_flag("--version", "fairlist " FAIRLIST_VERSION, "Print the version");
    app.add_option("--config", command.globals.config_file,
                   "The configuration; default: $FAIRLIST_CONFIG, ./fairlist.toml, "
                   "/etc/fairlist/fairlist.toml");
    app.add_flag("--json", command.globals.json, "Print JSON, errors too");
    Run run;
    declare_verbs(app, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        command.status = finish(app, error, command.globals);
        return command;
    }
    command.run = std::move(run);
    return command;
}

}  // namespace fairlist::cli
