#include "tools/fairlist/sensor_verb.h"

#include "server/roles/mail_rules.h"
#include "tools/fairlist/intake_json.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <expected>
#include <utility>

namespace fairlist::cli {

Result<void> check_sensor(const std::string& sensor) {
    const auto name = parse_list_name(sensor);
    return name ? Result<void>() : fail_in("--sensor", name.error());
}

Result<SensorParts> open_sensor_parts(Session& session) {
    const auto ledger = session.ledger_with_networks();
    if (!ledger) {
        return std::unexpected(ledger.error());
    }
    const auto vault = session.vault();
    if (!vault) {
        return std::unexpected(vault.error());
    }
    auto suffixes = importer::PublicSuffixes::open();
    if (!suffixes) {
        return std::unexpected(suffixes.error());
    }
    return SensorParts{std::move(*suffixes), mail_rules(**session.config()), *ledger, *vault,
                       now()};
}

Actor sensor_actor(const Session& session) {
    return session.actor_of("rule:sensors");
}

ExitStatus report_hit_import(Session& session, const std::string& sensor,
                             const HitImportTotals& totals, std::string_view noun) {
    if (session.json()) {
        print(hit_import_json(sensor, totals));
        return status_of(totals);
    }
    for (const HitFault& fault : totals.faults) {
        print_error(printable(fmt::format("fairlist: {}: {}", fault.where, fault.error.message)) +
                    "\n");
    }
    if (const std::uint64_t all = totals.rejected + totals.refused; all > totals.faults.size()) {
        print_error(
            fmt::format("fairlist: {} more are not shown\n", grouped(all - totals.faults.size())));
    }
    print(hit_import_text(totals, noun));
    if (totals.stopped) {
        print_error(printable("fairlist: " + *totals.stopped) + "\n");
    }
    return status_of(totals);
}

}  // namespace fairlist::cli
