#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {
// One transaction's worth: a store that was left alone for long is swept in several.
constexpr std::size_t kSweepAtOnce = 10000;
// A listing's end writes more than an entry's.
constexpr std::size_t kExpireAtOnce = 1000;

// Ends: every step ends listings, or forgets hits, that are not there any more for the next one.
void sweep_ledger(Ledger& ledger, SweepTotals& totals) {
    for (ExpiryStep step{.more = true}; step.more;) {
        step = ledger.expire(kExpireAtOnce);
        totals.expired += step.expired;
        totals.lapsed += step.lapsed;
    }
    for (std::uint64_t trimmed = 1; trimmed != 0;) {
        trimmed = ledger.trim_hits(kExpireAtOnce);
        totals.hits += trimmed;
    }
}

void sweep_entries(Manager& manager, SweepTotals& totals) {
    std::string after;
    // Ends: every step goes on behind the one before.
    do {
        SweepStep step = manager.sweep_expired(after, kSweepAtOnce);
        totals.deleted += step.deleted;
        after = std::move(step.next);
    } while (!after.empty());
}

std::string text_of(const SweepTotals& totals) {
    return fmt::format("deleted {} entries that had ended\n", totals.deleted) +
           fmt::format("ended {}, {} lapsed; forgot {}\n", counted(totals.expired, "listing"),
                       counted(totals.lapsed, "notice"), counted(totals.hits, "hit"));
}
}  // namespace

ExitStatus run_sweep(Session& session) {
    const auto manager = session.manager();
    if (!manager) {
        return session.report(manager.error());
    }
    const auto ledger = session.ledger();
    if (!ledger) {
        return session.report(ledger.error());
    }
    SweepTotals totals;
    sweep_ledger(**ledger, totals);
    sweep_entries(**manager, totals);
    print(session.json() ? sweep_json(totals) : text_of(totals));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
