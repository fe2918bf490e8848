#include "importer/reports/hits.h"
#include "tools/fairlist/input_file.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/progress_meter.h"
#include "tools/fairlist/sensor_verb.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <chrono>
#include <expected>
#include <memory>
#include <string>

namespace fairlist::cli {

namespace {

using namespace importer;

void read_hits(HitReader& reader, const std::string& name, const SensorParts& parts,
               const std::string& sensor, HitImport& import) {
    ProgressMeter meter(error_is_terminal(), std::chrono::steady_clock::now, print_error);
    const SensorHits hits = parts.hits();
    while (const auto line = reader.next()) {
        const std::string where = fmt::format("{}:{}", name, line->number);
        if (!import.add(where, line->hit ? hits.of(*line->hit, {sensor, parts.received})
                                         : Result<Hit>(std::unexpected(line->hit.error())))) {
            return;
        }
        meter.update(name, line->number, 0);
    }
    if (const auto whole = reader.status(); !whole) {
        import.stop(whole.error().message);
    }
}

}  // namespace

ExitStatus run_hits_import(Session& session, const HitsImportOptions& options) {
    if (const auto good = check_sensor(options.sensor); !good) {
        return session.report(good.error(), ExitStatus::Usage);
    }
    const auto source = open_input(options.input);
    if (!source) {
        return session.report(source.error());
    }
    const auto parts = open_sensor_parts(session);
    if (!parts) {
        return session.report(parts.error());
    }
    const std::string name = input_name(options.input);
    Input input(name, [&](std::span<char> out) { return (*source)->read(out); });
    HitReader reader(input, {.now = parts->received});
    HitImport import(*parts->ledger, sensor_actor(session), options.max_errors);
    read_hits(reader, name, *parts, options.sensor, import);
    return report_hit_import(session, options.sensor, import.finish(), "hit");
}

}  // namespace fairlist::cli
