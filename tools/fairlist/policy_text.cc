#include "tools/fairlist/policy_text.h"

#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <utility>

namespace fairlist::cli {

namespace {

std::string counts_text(std::uint64_t added, std::uint64_t changed, std::uint64_t removed) {
    return fmt::format("{} added, {} changed, {} removed", grouped(added), grouped(changed),
                       grouped(removed));
}

std::string state_of(const PolicyVersion& version) {
    return version.in_force ? "in force" : version.held ? "waits" : "";
}

std::string refusals_text(const PolicyImport& import) {
    std::string text;
    if (import.refused_total != 0) {
        text += fmt::format("not taken: {}\n", prefixes_text(import.refused_total));
    }
    for (const PolicyRefusal& refusal : import.refused) {
        text += printable(fmt::format("  {}{}: {}", to_string(refusal.prefix),
                                      refusal.is_exemption ? " (exemption)" : "", refusal.why)) +
                "\n";
    }
    if (import.refused_total > import.refused.size()) {
        text += fmt::format("  ... and {} more\n",
                            grouped(import.refused_total - import.refused.size()));
    }
    for (const std::string& line : import.left_out) {
        text += printable("left out: " + line) + "\n";
    }
    return text;
}

}  // namespace

std::string prefixes_text(std::uint64_t number) {
    return grouped(number) + (number == 1 ? " prefix" : " prefixes");
}

std::string diff_text(const PolicyDiff& diff) {
    std::string text = fmt::format(
        "ranges: {}\nexemptions: {}\n",
        counts_text(diff.ranges_added, diff.ranges_changed, diff.ranges_removed),
        counts_text(diff.exemptions_added, diff.exemptions_changed, diff.exemptions_removed));
    for (const std::string& line : diff.lines) {
        text += printable("  " + line) + "\n";
    }
    const std::uint64_t all = diff.ranges_added + diff.ranges_changed + diff.ranges_removed +
                              diff.exemptions_added + diff.exemptions_changed +
                              diff.exemptions_removed;
    if (diff.lines.size() >= kPolicyDiffLines && all > diff.lines.size()) {
        text += "  ... and more\n";
    }
    return text;
}

std::string outcome_text(const PolicyOutcome& outcome, bool dry_run) {
    if (outcome.is_unchanged || !outcome.import) {
        return fmt::format("{}: nothing new\n", printable(outcome.provider));
    }
    const PolicyImport& import = *outcome.import;
    std::string text = refusals_text(import);
    text += diff_text(import.diff);
    const std::string stand =
        fmt::format("{} listed, {} exempt, {} allowed as smarthosts", prefixes_text(import.listed),
                    grouped(import.exemptions), grouped(import.smarthosts));
    if (import.held) {
        text += fmt::format("{}: {}: {}\n", printable(outcome.provider),
                            dry_run ? "would wait" : "waits", printable(import.held_why));
        text += dry_run ? ""
                        : fmt::format(
                              "  bring it into force with \"fairlist policy approve "
                              "{}\"\n",
                              outcome.provider);
    } else if (dry_run) {
        text += fmt::format("{}: would stand: {}; nothing was changed\n",
                            printable(outcome.provider), stand);
    } else if (import.version == 0) {
        text += fmt::format("{}: nothing new: {}\n", printable(outcome.provider), stand);
    } else {
        text += fmt::format("{}: version {} is in force: {}; {} {} changed\n",
                            printable(outcome.provider), import.version, stand,
                            grouped(import.entries_changed),
                            import.entries_changed == 1 ? "entry" : "entries");
    }
    return text;
}

std::string versions_text(const std::vector<PolicyVersion>& versions) {
    Table table({{"VERSION", true},
                 {"BY"},
                 {"IMPORTED"},
                 {"PUBLISHED"},
                 {"RANGES", true},
                 {"EXEMPTIONS", true},
                 {"NOT TAKEN", true},
                 {"ACTOR"},
                 {"STATE"}});
    for (const PolicyVersion& version : versions) {
        table.add({fmt::format("{}", version.version), std::string(to_string(version.voice)),
                   to_string(version.imported), to_string(version.published),
                   grouped(version.ranges), grouped(version.exemptions), grouped(version.refused),
                   version.actor, state_of(version)});
    }
    return table.text();
}

void print_faults(const importer::PolicyReading& reading, std::string_view file) {
    for (const importer::PolicyFault& fault : reading.faults) {
        print_error(printable(importer::to_string(fault, file)) + "\n");
    }
    const std::uint64_t all = reading.faults_total + reading.warnings_total;
    if (all > reading.faults.size()) {
        print_error(
            fmt::format("fairlist: {} more are not shown\n", grouped(all - reading.faults.size())));
    }
}

Result<MailPolicy> good_policy(const Document& document, bool quiet,
                               std::vector<importer::PolicyFault>& faults) {
    importer::PolicyReading reading = importer::read_policy(document.text, now());
    if (!quiet) {
        print_faults(reading, document.name);
    }
    faults = std::move(reading.faults);
    if (reading.faults_total != 0) {
        return fail(Errc::Malformed, fmt::format("{}: {}; what is in force stays", document.name,
                                                 counted(reading.faults_total, "error")));
    }
    return std::move(reading.policy);
}

}  // namespace fairlist::cli
