// Roles: what this daemon does, by its configuration.
#pragma once

#include "listing/base/result.h"
#include "server/app/command_line.h"
#include "server/config/config.h"

#include <string>

namespace fairlist::app {

struct Roles {
    bool dns = false;   // answers queries; alone, it opens the store for reading only
    bool trap = false;  // takes the mail of traps, and judges it
    bool jobs = false;  // ends listings, forgets old hits and mails
    bool http = false;  // takes hits and reports from machines

    [[nodiscard]] bool writes() const noexcept { return trap || jobs || http; }
};

// As server.roles says, else by the sections that are there. Errors: NotFound (a role without the
// keys that it needs, or none at all).
[[nodiscard]] Result<Roles> roles_of(const config::Config& config);

// Those of the command line stand in for server.roles.
void take_roles(const CommandLine& command_line, config::Config& config);

// "dns, trap, jobs".
[[nodiscard]] std::string to_string(const Roles& roles);

}  // namespace fairlist::app
