#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::cli {

namespace {

std::string text_of(const DoctorReport& report) {
    std::string text;
    const auto line = [&](std::string_view name, std::uint64_t number) {
        text += fmt::format("{:<14}{}\n", name, grouped(number));
    };
    line("blocks", report.nodes);
    line("addresses", report.addresses);
    line("names", report.names);
    line("digests", report.digests);
    line("verdicts", report.verdicts);
    line("journal", report.commits);
    line("audit log", report.audit_records);
    line("listings", report.listings);
    line("open listings", report.open_listings);
    line("hits", report.hits);
    for (const std::string& fault : report.faults) {
        text += printable(fault) + "\n";
    }
    if (report.fault_count == 0) {
        return text + "the store is whole\n";
    }
    return text + fmt::format(
                      "{}; put a backup in the store's place, or make a new one with "
                      "\"fairlist init\" and import again\n",
                      counted(report.fault_count, "fault"));
}

}  // namespace

ExitStatus run_doctor(Session& session) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const DoctorReport report = (*manager)->examine();
    print(session.json() ? doctor_json(report) : text_of(report));
    return report.fault_count == 0 ? ExitStatus::Done : ExitStatus::Failed;
}

}  // namespace fairlist::cli
