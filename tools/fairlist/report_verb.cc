#include "tools/fairlist/input_file.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/report_reader.h"
#include "tools/fairlist/sensor_verb.h"
#include "tools/fairlist/session.h"

#include <expected>
#include <string>

namespace fairlist::cli {

namespace {

using namespace importer;

// False: nothing more is to be read, of this file or another.
bool read_reports(ReportReader& reader, const SensorParts& parts, const std::string& sensor,
                  HitImport& import) {
    const SensorHits hits = parts.hits();
    while (true) {
        const auto next = reader.next();
        if (!next) {
            import.stop(next.error().message);
            return false;
        }
        if (!*next) {
            return true;
        }
        const ReadReport& read = **next;
        if (!import.add(read.where,
                        read.report ? hits.of(*read.report, read.bytes, {sensor, parts.received})
                                    : Result<Hit>(std::unexpected(read.report.error())))) {
            return false;
        }
    }
}

}  // namespace

ExitStatus run_report_import(Session& session, const ReportImportOptions& options) {
    if (const auto good = check_sensor(options.sensor); !good) {
        return session.report(good.error(), ExitStatus::Usage);
    }
    const auto parts = open_sensor_parts(session);
    if (!parts) {
        return session.report(parts.error());
    }
    const auto program = find_mail_reader();
    if (!program) {
        return session.report(program.error());
    }
    MailChild child({.program = *program});
    HitImport import(*parts->ledger, sensor_actor(session), options.max_errors);
    bool goes_on = true;
    for (const std::string& path : options.inputs) {
        if (!goes_on) {
            break;
        }
        const auto source = open_input(path);
        if (!source) {
            goes_on = import.add(input_name(path), std::unexpected(source.error()));
            continue;
        }
        ReportReader reader(input_name(path), **source, child);
        goes_on = read_reports(reader, *parts, options.sensor, import);
    }
    return report_hit_import(session, options.sensor, import.finish(), "report");
}

}  // namespace fairlist::cli
