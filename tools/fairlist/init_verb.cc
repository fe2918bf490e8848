#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <string>

namespace fairlist::cli {

ExitStatus run_init(Session& session) {
    const auto config = session.config();
    if (!config) {
        return session.report(config.error());
    }
    if (const auto made = session.create_store(); !made) {
        return session.report(made.error());
    }
    const std::string path = (*config)->store.path.string();
    print(session.json() ? init_json(path)
                         : fmt::format("made the store \"{}\" with {}\n", printable(path),
                                       counted((*config)->lists.size(), "list")));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
