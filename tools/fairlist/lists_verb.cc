#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <string>
#include <vector>

namespace fairlist::cli {

ExitStatus run_lists(Session& session) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const std::vector<ListStatus> lists = (*manager)->lists();
    if (session.json()) {
        print(lists_json(lists, **session.config()));
        return ExitStatus::Done;
    }
    Table table({{"LIST"},
                 {"KIND"},
                 {"MATCH"},
                 {"CODE"},
                 {"ENTRIES", true},
                 {"EXEMPTIONS", true},
                 {"DESCRIPTION"}});
    for (const ListStatus& list : lists) {
        table.add({list.spec.name, std::string(to_string(list.spec.kind)),
                   std::string(to_string(list.spec.match)), to_string(list.spec.code),
                   grouped(list.entries), grouped(list.exemptions), list.spec.description});
    }
    print(table.text());
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
