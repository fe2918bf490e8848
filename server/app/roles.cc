#include "server/app/roles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace fairlist::app {

namespace {

bool takes_mail(const config::Trap& trap) {
    return !trap.listen.empty() || !trap.socket.empty();
}

bool takes_requests(const config::Http& http) {
    return !http.listen.empty() || !http.socket.empty();
}

Roles by_sections(const config::Config& config) {
    Roles roles;
    roles.dns = !config.server.listen.empty();
    roles.trap = takes_mail(config.trap);
    roles.http = takes_requests(config.http);
    roles.jobs = roles.trap || roles.http;
    return roles;
}

Roles by_words(const std::vector<config::Role>& words) {
    const auto has = [&](config::Role role) {
        return std::ranges::find(words, role) != words.end();
    };
    return {has(config::Role::Dns), has(config::Role::Trap), has(config::Role::Jobs),
            has(config::Role::Http)};
}

std::unexpected<Error> missing(std::string_view what, std::string_view remedy) {
    return fail(Errc::NotFound, fmt::format("{}: missing: {}", what, remedy));
}

}  // namespace

Result<Roles> roles_of(const config::Config& config) {
    const bool told = !config.server.roles.empty();
    const Roles roles = told ? by_words(config.server.roles) : by_sections(config);
    if (roles.trap && !takes_mail(config.trap)) {
        return missing("trap.listen", "the role \"trap\" needs it, or trap.socket");
    }
    if (roles.http && !takes_requests(config.http)) {
        return missing("http.listen", "the role \"http\" needs it, or http.socket");
    }
    if (config.server.listen.empty() && (roles.dns || !roles.writes())) {
        return missing("server.listen",
                       "the tool needs none, the daemon does; add [server] with listen = "
                       "[\"192.0.2.1:53\"]");
    }
    return roles;
}

void take_roles(const CommandLine& command_line, config::Config& config) {
    if (!command_line.roles.empty()) {
        config.server.roles = command_line.roles;
    }
}

std::string to_string(const Roles& roles) {
    std::vector<std::string_view> words;
    const auto add = [&](bool has, std::string_view word) {
        if (has) {
            words.push_back(word);
        }
    };
    add(roles.dns, "dns");
    add(roles.trap, "trap");
    add(roles.jobs, "jobs");
    add(roles.http, "http");
    return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace fairlist::app
