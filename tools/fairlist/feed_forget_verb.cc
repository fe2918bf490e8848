#include "tools/fairlist/feed_access.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <string>

namespace fairlist::cli {

namespace {

std::string text_of(const importer::Holdings& holdings) {
    return fmt::format("{} {}, {}", grouped(holdings.entries),
                       holdings.entries == 1 ? "entry" : "entries",
                       counted(holdings.versions, "kept version"));
}

}  // namespace

ExitStatus run_feed_forget(Session& session, const FeedForgetOptions& options) {
    const std::string& name = options.name;
    auto runner = make_runner(session, false);
    if (!runner) {
        return session.report(runner.error());
    }
    // Its next run would bring all of it back.
    if (find_feed(**session.config(), name)) {
        return session.report(
            {Errc::Conflict,
             fmt::format("feed {}: is in the configuration; take it out there first", name)});
    }
    const auto gone = options.yes ? runner->forget(name, session.actor()) : runner->holdings(name);
    if (!gone) {
        return session.report(gone.error());
    }
    if (!options.yes) {
        return session.report(
            {Errc::Conflict,
             fmt::format("source {}: has {}; remove them with --yes", name, text_of(*gone))});
    }
    print(session.json() ? forget_json(name, *gone)
                         : fmt::format("forgot {}: removed {}\n", name, text_of(*gone)));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
