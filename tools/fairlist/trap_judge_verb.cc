#include "tools/fairlist/intake_json.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/progress_meter.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/trap_judging.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {

std::string totals_text(const JudgingTotals& totals, const EffectCounts& effects) {
    std::string text = fmt::format("{} judged: {}, {} known already; {}\n",
                                   counted(totals.judged, "mail"), counted(totals.hits, "new hit"),
                                   grouped(totals.duplicates), effects_text(effects));
    if (totals.failed != 0) {
        text += counted(totals.failed, "mail") + " could not be judged now\n";
    }
    if (totals.parked != 0) {
        text += fmt::format("{} of these parked: \"fairlist trap status --parked\" says why\n",
                            grouped(totals.parked));
    }
    if (totals.waiting != 0) {
        text += fmt::format("{} for the next run\n", totals.waiting == 1
                                                         ? std::string("1 mail waits")
                                                         : grouped(totals.waiting) + " mails wait");
    }
    return text;
}

ExitStatus status_of(const JudgingTotals& totals) noexcept {
    return cli::status_of(totals.judged, totals.failed + (totals.halted ? 1U : 0U));
}

}  // namespace

ExitStatus run_trap_judge(Session& session, const TrapJudgeOptions& options) {
    const auto ledger = session.ledger_with_networks();
    if (!ledger) {
        return session.report(ledger.error());
    }
    const auto vault = session.known_vault();
    if (!vault) {
        return session.report(vault.error());
    }
    ProgressMeter meter(error_is_terminal(), std::chrono::steady_clock::now, print_error);
    Judged judged;
    JudgingOptions wanted;
    wanted.actor = session.actor_of("rule:traps");
    wanted.limit = options.limit.value_or(UINT64_MAX);
    wanted.progress = [&](std::uint64_t done, std::uint64_t total) {
        meter.update("judging", done, total);
    };
    wanted.each = [&](const Hit& hit, const RecordedHit& recorded) {
        judged.effects.add(recorded);
        if (recorded.duplicate) {
            return;
        }
        if (!session.json()) {
            print(recorded_text(view_recorded(hit, recorded)));
        } else if (judged.hits.size() < kJudgedHitsMax) {
            judged.hits.push_back(view_recorded(hit, recorded));
        }
    };
    auto totals = judge_waiting(**session.config(), **vault, **ledger, wanted);
    if (!totals) {
        return session.report(totals.error());
    }
    judged.totals = std::move(*totals);
    if (session.json()) {
        print(judged_json(judged));
        return status_of(judged.totals);
    }
    print(totals_text(judged.totals, judged.effects));
    if (judged.totals.halted) {
        print_error(printable("fairlist: mails wait to be judged: " + *judged.totals.halted) +
                    "\n");
    }
    return status_of(judged.totals);
}

}  // namespace fairlist::cli
