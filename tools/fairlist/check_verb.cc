#include "server/config/config.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
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
        print_error(fmt::format("fairlist: {} fault{} in {}\n", loaded.faults.size(),
                                loaded.faults.size() == 1 ? "" : "s", printable(file->string())));
        return ExitStatus::Failed;
    }
    if (const auto manager = session.reader(); !manager && manager.error().code != Errc::NotFound) {
        return session.report(manager.error());
    }
    print(fmt::format("ok: {} lists, {} zones, {} feeds\n", loaded.config.lists.size(),
                      loaded.config.zones.size(), loaded.config.feeds.size()));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
