#include "server/app/inheritance.h"

#include "server/app/supervisor.h"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace fairlist::app {

namespace {

std::optional<std::string> take_variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread yet
    if (value == nullptr) {
        return std::nullopt;
    }
    std::string text = value;
    unsetenv(name);  // NOLINT(concurrency-mt-unsafe): one thread yet
    return text;
}

Result<net::HandedSocket> take_as_named(const NamedDescriptor& wanted) {
    Result<net::HandedSocket> handed = net::take_over(wanted.descriptor);
    if (!handed) {
        return handed;
    }
    if (std::string found = net::handed_name(handed->kind, handed->endpoint);
        found != wanted.name) {
        return fail(Errc::Conflict,
                    "descriptor " + std::to_string(wanted.descriptor) + " is \"" + found + "\"");
    }
    return handed;
}

void log_refusal(const NamedDescriptor& socket, const Error& error) {
    spdlog::warn("\"{}\" was handed over, but is not used: {}", socket.name, error.message);
}

void take_from_systemd(HandedSockets& sockets) {
    const auto list = sockets_of_systemd();
    if (!list) {
        spdlog::warn("no socket of systemd is used: {}", list.error().message);
        return;
    }
    // A socket unit names its sockets as it likes: only what they are counts.
    for (const NamedDescriptor& socket : *list) {
        Result<net::HandedSocket> handed = net::take_over(socket.descriptor);
        if (!handed) {
            log_refusal(socket, handed.error());
        } else {
            sockets.add(std::move(*handed));
        }
    }
}

}  // namespace

HandedSockets take_named(const std::vector<NamedDescriptor>& list) {
    HandedSockets sockets;
    for (const NamedDescriptor& wanted : list) {
        Result<net::HandedSocket> handed = take_as_named(wanted);
        if (!handed) {
            log_refusal(wanted, handed.error());
        } else {
            sockets.add(std::move(*handed));
        }
    }
    return sockets;
}

HandedSockets inherit_sockets(pid_t owner) {
    HandedSockets sockets;
    if (const std::optional<std::string> text = take_variable(kHandoverVariable)) {
        if (const auto list = parse_handover(*text, owner)) {
            sockets = take_named(*list);
        } else {
            spdlog::warn("{} is not used: {}", kHandoverVariable, list.error().message);
        }
    }
    take_from_systemd(sockets);
    return sockets;
}

}  // namespace fairlist::app
