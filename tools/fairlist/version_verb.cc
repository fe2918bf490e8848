#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

namespace fairlist::cli {

ExitStatus run_version(Session& session) {
    print(session.json() ? version_json(FAIRLIST_VERSION) : "fairlist " FAIRLIST_VERSION "\n");
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
