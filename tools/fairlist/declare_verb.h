// Declare verb: one verb with its options, declared to CLI11.
#pragma once

#include "tools/fairlist/exit_status.h"
#include "tools/fairlist/verb_options.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

namespace fairlist::cli {

// Declares a verb without options of its own.
inline CLI::App& declare(CLI::App& app, Run& run, const char* name, const char* what, Run action) {
    CLI::App* verb = app.add_subcommand(name, what);
    verb->fallthrough();
    verb->callback([&run, action = std::move(action)] { run = action; });
    return *verb;
}

// Declares a verb with options; they live as long as the callback that reads them.
template <typename Options>
std::pair<CLI::App*, Options*> declare_with(CLI::App& app, Run& run, const char* name,
                                            const char* what,
                                            ExitStatus (*action)(Session&, const Options&)) {
    const auto options = std::make_shared<Options>();
    CLI::App& verb = declare(app, run, name, what,
                             [options, action](Session& s) { return action(s, *options); });
    return {&verb, options.get()};
}

// A verb that only has verbs below it.
inline CLI::App& declare_group(CLI::App& app, const char* name, const char* what) {
    CLI::App* group = app.add_subcommand(name, what);
    group->fallthrough();
    group->require_subcommand(1);
    return *group;
}

}  // namespace fairlist::cli
