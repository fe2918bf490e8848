#include "tools/fairlist/space_text.h"

#include "importer/import_guard.h"
#include "tools/fairlist/policy_text.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <expected>
#include <utility>

namespace fairlist::cli {

std::string space_outcome_text(const SpaceOutcome& outcome, std::string_view remedy) {
    const SpaceChange& change = outcome.change;
    std::string text;
    if (!outcome.source.empty()) {
        text += printable(fmt::format("source: {}{}{}: {}", outcome.source,
                                      outcome.format.empty() ? "" : ", ", outcome.format,
                                      prefixes_text(outcome.prefixes))) +
                "\n";
    }
    for (const importer::Rejection& rejection : outcome.rejected) {
        text += printable(fmt::format("  {}:{}: {}: \"{}\"", rejection.file, rejection.line,
                                      rejection.why, rejection.text)) +
                "\n";
    }
    if (change.refused_total != 0) {
        text += fmt::format("refused: {}\n", prefixes_text(change.refused_total));
    }
    for (const SpaceRefusal& refusal : change.refused) {
        text += printable(fmt::format("  {}: {}", to_string(refusal.prefix), refusal.why)) + "\n";
    }
    if (change.refused_total > change.refused.size()) {
        text += fmt::format("  ... and {} more\n",
                            grouped(change.refused_total - change.refused.size()));
    }
    text += printable(fmt::format(
                "{}: {} added, {} removed, {} unchanged{}", outcome.provider, grouped(change.added),
                grouped(change.removed), grouped(change.unchanged),
                change.taken == 0 ? ""
                                  : fmt::format(", {} taken from others", grouped(change.taken)))) +
            "\n";
    if (!outcome.held_why.empty()) {
        text +=
            fmt::format("  {}: {}; {}\n", outcome.dry_run ? "would wait" : "nothing was changed",
                        outcome.held_why, remedy);
    } else if (!outcome.applied) {
        text += fmt::format("  nothing was changed; {}\n", remedy);
    } else if (outcome.policies_changed != 0) {
        text += fmt::format("  {} policies changed the lists\n", grouped(outcome.policies_changed));
    }
    return text;
}

ExitStatus report_space(const Session& session, const SpaceOutcome& outcome,
                        std::string_view remedy) {
    print(session.json() ? space_outcome_json(outcome) : space_outcome_text(outcome, remedy));
    if (!outcome.held_why.empty() && !outcome.dry_run) {
        return ExitStatus::Failed;
    }
    return outcome.change.refused_total == 0 && outcome.rejected_total == 0 ? ExitStatus::Done
                                                                            : ExitStatus::Partly;
}

std::string space_guard(const SpaceChange& change) {
    ImportPlan plan;
    plan.total_before = change.removed + change.unchanged;
    plan.total_after = change.added + change.unchanged;
    return importer::hold_reason(plan, importer::GuardSpec{});
}

Result<void> put_space(Session& session, ProviderBooks& books, SpaceOrigin origin,
                       const std::vector<Prefix>& ranges, bool apply, bool force,
                       SpaceOutcome& outcome) {
    auto planned =
        books.providers.set_space(session.actor(), outcome.provider, origin, ranges, true);
    if (!planned) {
        return std::unexpected(planned.error());
    }
    outcome.change = std::move(*planned);
    outcome.held_why = force ? "" : space_guard(outcome.change);
    if (!apply || !outcome.held_why.empty()) {
        return {};
    }
    auto changed =
        books.providers.set_space(session.actor(), outcome.provider, origin, ranges, false);
    if (!changed) {
        return std::unexpected(changed.error());
    }
    outcome.change = std::move(*changed);
    outcome.applied = true;
    if (outcome.change.added + outcome.change.removed != 0) {
        outcome.policies_changed = books.policies.refresh(session.actor());
    }
    return {};
}

}  // namespace fairlist::cli
