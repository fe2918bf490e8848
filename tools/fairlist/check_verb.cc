#include "server/config/config.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

namespace fairlist::cli {

ExitStatus run_check(Session& session) {
    const auto file = find_config(session.globals().config_file);
    if (!file) {
        return session.report(file.error());
    }
    const config::Loaded loaded = config::load(*file);
    const bool good = loaded.faults.empty();
    if (session.json()) {
        print(check_json(loaded));
        return good ? ExitStatus::Done : ExitStatus::Failed;
    }
    for (const config::Fault& fault : loaded.faults) {
        print_error(printable(config::to_string(fault)) + "\n");
    }
    if (!good) {
        print_error(fmt::format("fairlist: {} in {}\n", counted(loaded.faults.size(), "fault"),
                                printable(file->string())));
        return ExitStatus::Failed;
    }
    if (const auto manager = session.reader(); !manager && manager.error().code != Errc::NotFound) {
        return session.report(manager.error());
    }
    print(fmt::format("ok: {}, {}, {}\n", counted(loaded.config.lists.size(), "list"),
                      counted(loaded.config.zones.size(), "zone"),
                      counted(loaded.config.feeds.size(), "feed")));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
