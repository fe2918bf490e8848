#include "tools/fairlist/command_line.h"

#include "listing/base/suggestion.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verb_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

constexpr const char* kFooter =
    "\nExit status: 0 done, 1 failed, 2 the command line is wrong, 3 partly done. See fairlist(1).";

// The innermost verb that was given; the program itself when there was none.
const CLI::App& innermost(const CLI::App& app) {
    const CLI::App* verb = &app;
    while (!verb->get_subcommands().empty()) {
        verb = verb->get_subcommands().front();
    }
    return *verb;
}

std::vector<std::string> verbs_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(verb->get_name());
    }
    return names;
}

// What is wrong with the verb; empty: there is one. CLI11 says only that one is missing.
std::string verb_complaint(const CLI::App& app, const CLI::App& verb) {
    const std::vector<std::string> known = verbs_of(verb);
    if (known.empty()) {
        return {};
    }
    for (const std::string& word : app.remaining(true)) {
        if (!word.starts_with('-')) {
            return fmt::format("\"{}\": no such verb{}", word, did_you_mean(word, known));
        }
    }
    return fmt::format("expected a verb: {}", fmt::join(known, ", "));
}

// Else CLI11's own message, in the form of ours.
std::string complaint(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App& verb = innermost(app);
    const bool lacks_verb =
        error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
    std::string text = lacks_verb ? verb_complaint(app, verb) : "";
    if (text.empty()) {
        text = error.what();
    }
    std::ranges::replace(text, '\n', ' ');
    while (text.ends_with('.') || text.ends_with(' ')) {
        text.pop_back();
    }
    std::string path;
    for (const CLI::App* at = &verb; at != nullptr; at = at->get_parent()) {
        path.insert(0, at->get_name() + " ");
    }
    return fmt::format("{}; see \"{}--help\"", text, path);
}

// A mail server bounces what ends with a status that it does not know, and the mail to all traps
// would go when a line of its configuration is wrong.
bool is_delivery(const CLI::App& verb) {
    return verb.get_name() == "deliver" && verb.get_parent() != nullptr &&
           verb.get_parent()->get_name() == "trap";
}

// Help and version are exceptions with exit code 0 in CLI11.
ExitStatus finish(const CLI::App& app, const CLI::ParseError& error, const Globals& globals) {
    if (error.get_exit_code() == 0) {
        return app.exit(error) == 0 ? ExitStatus::Done : ExitStatus::Failed;
    }
    const Error usage{Errc::Malformed, complaint(app, error)};
    print_error(globals.json ? usage_error_json(usage)
                             : "fairlist: " + printable(usage.message) + "\n");
    return is_delivery(innermost(app)) ? ExitStatus::TryAgain : ExitStatus::Usage;
}

// "--helo=" is an empty value: CLI11 would take the next word for it, and so lose an option.
std::vector<std::string> split_empty_values(int argc, const char* const* argv) {
    std::vector<std::string> words;
    bool only_arguments = false;
    for (int i = 0; i < argc; ++i) {
        const std::string word = argv[i];
        only_arguments = only_arguments || word == "--";
        if (!only_arguments && word.size() > 3 && word.starts_with("--") &&
            word.find('=') == word.size() - 1) {
            words.push_back(word.substr(0, word.size() - 1));
            words.emplace_back();
        } else {
            words.push_back(word);
        }
    }
    return words;
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
    app.add_option("--why", command.globals.why, "Why this is done, for the audit log");
    Run run;
    declare_verbs(app, run);
    const std::vector<std::string> words = split_empty_values(argc, argv);
    std::vector<const char*> pointers;
    for (const std::string& word : words) {
        pointers.push_back(word.c_str());
    }
    try {
        app.parse(static_cast<int>(pointers.size()), pointers.data());
    } catch (const CLI::ParseError& error) {
        command.status = finish(app, error, command.globals);
        return command;
    }
    command.run = std::move(run);
    return command;
}

}  // namespace fairlist::cli
