#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
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
}  // namespace

ExitStatus run_sweep(Session& session) {
    const auto manager = session.manager();
    if (!manager) {
        return session.report(manager.error());
    }
    std::uint64_t deleted = 0;
    std::string after;
    // Ends: every step goes on behind the one before.
    do {
        SweepStep step = (*manager)->sweep_expired(after, kSweepAtOnce);
        deleted += step.deleted;
        after = std::move(step.next);
    } while (!after.empty());
    if (session.json()) {
        print(sweep_json(deleted));
    } else {
        print(fmt::format("deleted {} entries that had ended\n", deleted));
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
