#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

namespace fairlist::cli {

namespace {

// A store that exists gets the lists that the configuration has and it does not; none is a mistake.
ExitStatus extend_store(Session& session, const Error& exists) {
    const auto manager = session.manager();
    if (!manager) {
        return session.report(manager.error());
    }
    const std::vector<std::string>& lists = (*manager)->new_lists();
    if (lists.empty()) {
        return session.report(exists);
    }
    const std::string path = (**session.config()).store.path.string();
    print(session.json() ? init_json(path, lists)
                         : fmt::format("the store \"{}\" has new lists: {}\n", printable(path),
                                       fmt::join(lists, ", ")));
    return ExitStatus::Done;
}

}  // namespace

ExitStatus run_init(Session& session) {
    const auto config = session.config();
    if (!config) {
        return session.report(config.error());
    }
    if (const auto made = session.create_store(); !made) {
        return made.error().code == Errc::Conflict ? extend_store(session, made.error())
                                                   : session.report(made.error());
    }
    const std::string path = (*config)->store.path.string();
    const std::vector<std::string>& lists = (*session.manager())->new_lists();
    print(session.json() ? init_json(path, lists)
                         : fmt::format("made the store \"{}\" with {}\n", printable(path),
                                       counted(lists.size(), "list")));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
