// fairlistd: answers DNS queries from a Fairlist store.
#include "listing/store/map_fault.h"
#include "server/app/command_line.h"
#include "server/app/config_file.h"
#include "server/app/logging.h"
#include "server/app/roles.h"
#include "server/app/service.h"
#include "server/app/signals.h"
#include "server/app/successor.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <optional>

namespace fairlist::app {

namespace {

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
    std::optional<config::Config> config = load_or_print(command_line->config);
    if (!config) {
        return ExitStatus::Failed;
    }
    take_roles(*command_line, *config);
    const Result<void> served =
        command_line->rehearse ? rehearse(*config)
                               : serve(*command_line, *config, signals, Successor(count, words));
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
