#include "tools/fairlist/import_result.h"

#include "listing/model/protected_space.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

namespace {

using importer::ImportOutcome;
using importer::ImportReport;

std::string counts_text(const ImportReport& report) {
    const ImportPlan& plan = report.plan;
    return fmt::format(
        "{} added, {} changed, {} removed, {} unchanged; {} entries before, {} after",
        grouped(plan.added), grouped(plan.changed), grouped(plan.removed), grouped(plan.unchanged),
        grouped(plan.total_before), grouped(plan.total_after));
}

std::string entries_text(std::uint64_t number) {
    return grouped(number) + (number == 1 ? " entry" : " entries");
}

std::string rest_text(std::uint64_t all, std::size_t shown) {
    return all > shown ? fmt::format("  ... and {} more\n", grouped(all - shown)) : "";
}

std::string rejections_text(const ImportReport& report) {
    if (report.rejected == 0) {
        return "";
    }
    std::string text = fmt::format("rejected lines: {}\n", grouped(report.rejected));
    const std::size_t shown = std::min(report.rejections.size(), kRejectionsShown);
    for (std::size_t i = 0; i < shown; ++i) {
        const importer::Rejection& rejection = report.rejections[i];
        text += printable(fmt::format("  {}:{}: {}: \"{}\"", rejection.file, rejection.line,
                                      rejection.why, rejection.text)) +
                "\n";
    }
    return text + rest_text(report.rejected, shown);
}

bool refused_special_space(const ImportReport& report) {
    return std::ranges::any_of(report.refusals, [](const importer::Refusal& refusal) {
        return std::ranges::find(special_purpose_space(), refusal.why, &ProtectedPrefix::why) !=
               special_purpose_space().end();
    });
}

std::string refusals_text(const ImportReport& report) {
    if (report.refused == 0) {
        return "";
    }
    std::string text = fmt::format("refused subjects: {}\n", grouped(report.refused));
    const std::size_t shown = std::min(report.refusals.size(), kRejectionsShown);
    for (std::size_t i = 0; i < shown; ++i) {
        text +=
            printable(fmt::format("  {}: {}", report.refusals[i].subject, report.refusals[i].why)) +
            "\n";
    }
    text += rest_text(report.refused, shown);
    return text + (refused_special_space(report)
                       ? "  such space can be listed when allow in [protected] of the "
                         "configuration names it\n"
                       : "");
}

std::string held_text(const ImportReport& report, std::string_view held_remedy) {
    if (report.held_why.empty()) {
        return "";
    }
    const bool planned = report.outcome == ImportOutcome::Planned;
    return fmt::format("{}: {}; {}\n", planned ? "would be held" : "held",
                       printable(report.held_why), held_remedy);
}

}  // namespace

std::string_view outcome_word(const ImportResult& result) noexcept {
    if (!result.report) {
        return "failed";
    }
    switch (result.report->outcome) {
        case ImportOutcome::Applied:
            return "applied";
        case ImportOutcome::Held:
            return "held";
        case ImportOutcome::Planned:
            return "planned";
        case ImportOutcome::Unchanged:
            break;
    }
    return "unchanged";
}

ExitStatus status_of(const ImportResult& result) noexcept {
    if (!result.report || result.report->outcome == ImportOutcome::Held) {
        return ExitStatus::Failed;
    }
    const bool whole = result.report->rejected == 0 && result.report->refused == 0;
    return whole ? ExitStatus::Done : ExitStatus::Partly;
}

ExitStatus status_of(const std::vector<ImportResult>& results) noexcept {
    const auto count = [&](ExitStatus status) {
        return std::ranges::count_if(
            results, [&](const ImportResult& result) { return status_of(result) == status; });
    };
    if (count(ExitStatus::Partly) > 0) {
        return ExitStatus::Partly;
    }
    return status_of(static_cast<std::size_t>(count(ExitStatus::Done)),
                     static_cast<std::size_t>(count(ExitStatus::Failed)));
}

std::string import_text(const ImportResult& result, std::string_view held_remedy) {
    if (!result.report) {
        return "";
    }
    const ImportReport& report = *result.report;
    std::string text =
        fmt::format("{} into {}: {}", result.source, result.list, outcome_word(result));
    if (report.outcome != ImportOutcome::Unchanged) {
        // Documents such as cloud providers' have no lines.
        const std::string lines = report.lines == 0 ? "" : counted(report.lines, "line") + ", ";
        text += fmt::format(
            "\n  {}{} read as {}{}\n  {}", lines, entries_text(report.records), report.format,
            report.expired == 0
                ? ""
                : fmt::format(", {} past their end left out", grouped(report.expired)),
            counts_text(report));
    }
    if (const Time end = report.facts.data_end; end.is_set()) {
        text +=
            fmt::format("\n  the data say that they end on {}: so do the entries", to_string(end));
    }
    return text + "\n" + held_text(report, held_remedy) + rejections_text(report) +
           refusals_text(report);
}

}  // namespace fairlist::cli
