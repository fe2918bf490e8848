// fairlistd: answers DNS queries from a Fairlist store.
#include "listing/store/map_fault.h"
#include "server/app/command_line.h"
#include "server/app/config_file.h"
#include "server/app/control_loop.h"
#include "server/app/daemon.h"
#include "server/app/logging.h"
#include "server/app/ports_file.h"
#include "server/app/signals.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

namespace fairlist::app {

namespace {

Result<void> serve(const CommandLine& command_line, const config::Config& config,
                   const Signals& signals) {
    if (Result<void> logging = configure_logging(config); !logging) {
        return logging;
    }
    const Result<std::unique_ptr<Daemon>> daemon = Daemon::start(config);
    if (!daemon) {
        return std::unexpected(daemon.error());
    }
    if (!command_line.ports_file.empty()) {
        if (Result<void> written = write_ports_file(command_line.ports_file, (*daemon)->ports());
            !written) {
            return written;
        }
    }
    run_until_stopped(**daemon, command_line, signals);
    return {};
}

ExitStatus run(int count, const char* const* words) {
    const auto command_line = parse_command_line(count, words);
    if (!command_line) {
        return command_line.error();
    }
    if (command_line->check) {
        return check(command_line->config);
    }
    const Signals signals;
    start_logging();
    const std::optional<config::Config> config = load_or_print(command_line->config);
    if (!config) {
        return ExitStatus::Failed;
    }
    const Result<void> served = serve(*command_line, *config, signals);
    if (!served) {
        spdlog::critical("{}", served.error().message);
        return ExitStatus::Failed;
    }
    return ExitStatus::Done;
}

}  // namespace

}  // namespace fairlist::app

int main(int count, char** words) {
    fairlist::store::explain_map_faults("fairlistd");
    try {
        return static_cast<int>(fairlist::app::run(count, words));
    } catch (const std::exception& error) {
        spdlog::critical("{}", error.what());
        return static_cast<int>(fairlist::app::ExitStatus::Failed);
    }
}
