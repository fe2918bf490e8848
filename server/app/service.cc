#include "server/app/service.h"

#include "server/app/control_loop.h"
#include "server/app/inheritance.h"
#include "server/app/logging.h"
#include "server/app/ports_file.h"
#include "server/app/services.h"
#include "server/app/supervisor.h"

#include <spdlog/spdlog.h>

#include <expected>
#include <memory>
#include <set>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fairlist::app {

namespace {

// systemd's copy of a socket would keep it open, and with it its share of the queries.
void forget_in_store(const std::vector<net::HandedSocket>& unwanted) {
    // Connections are taken at the start, and closed when they end: always forgotten.
    std::set<std::string> names = {
        net::handed_name(net::SocketKind::TcpConnection, net::Endpoint{})};
    for (const NamedDescriptor& socket : named_descriptors(unwanted)) {
        names.insert(socket.name);
    }
    for (const std::string& name : names) {
        forget_sockets(name);
    }
}

Result<std::unique_ptr<Services>> start(const CommandLine& command_line,
                                        const config::Config& config, HandedSockets& handed) {
    if (handed.size() != 0) {
        spdlog::info("taking over {} sockets", handed.size());
    }
    Result<std::unique_ptr<Services>> services = Services::start(config, handed);
    if (!services) {
        return services;
    }
    std::vector<net::HandedSocket> unwanted = handed.take_rest();
    if (is_supervised()) {
        forget_in_store(unwanted);
        store_sockets((*services)->sockets());
    }
    (*services)->close_unwanted(std::move(unwanted));
    if (!command_line.ports_file.empty()) {
        if (Result<void> written = write_ports_file(command_line.ports_file, (*services)->ports());
            !written) {
            return std::unexpected(written.error());
        }
    }
    return services;
}

// systemd has the listeners since the start. Should this be a restart, those who are connected now
// will be served on.
void stop(Services& services) {
    notify_stopping();
    if (!is_supervised()) {
        services.stop();
        return;
    }
    std::vector<net::HandedSocket> sockets = services.hand_over();
    std::erase_if(sockets, [](const net::HandedSocket& handed) {
        return handed.kind != net::SocketKind::TcpConnection;
    });
    if (!sockets.empty()) {
        store_sockets(named_descriptors(sockets));
        wait_until_stored();
    }
}

}  // namespace

Result<void> serve(const CommandLine& command_line, const config::Config& config,
                   const Signals& signals, const Successor& successor) {
    if (Result<void> logging = configure_logging(config); !logging) {
        return logging;
    }
    HandedSockets handed = inherit_sockets(getpid());
    // A round for every restart that fails at its very last step, which goes on with what it had.
    for (;;) {
        Result<std::unique_ptr<Services>> services = start(command_line, config, handed);
        if (!services) {
            return std::unexpected(services.error());
        }
        const Ending ending = run_until_ended(**services, command_line, signals, successor);
        if (ending == Ending::Stop) {
            stop(**services);
            spdlog::info("stopped: {}", (*services)->counters());
            return {};
        }
        std::vector<net::HandedSocket> sockets = (*services)->hand_over();
        spdlog::info("handing over {} sockets: {}", sockets.size(), (*services)->counters());
        // LMDB's reader slots are this process's, which the successor will be.
        services->reset();
        const Error error = successor.replace_this_program(named_descriptors(sockets));
        spdlog::critical("the restart failed, going on as before: {}", error.message);
        handed = HandedSockets(std::move(sockets));
    }
}

Result<void> rehearse(const config::Config& config) {
    // The log file must open, but what is said here is for the parent.
    if (Result<void> logging = configure_logging(config); !logging) {
        return logging;
    }
    start_logging();
    HandedSockets handed = inherit_sockets(getppid());
    return Services::rehearse(config, handed);
}

}  // namespace fairlist::app
