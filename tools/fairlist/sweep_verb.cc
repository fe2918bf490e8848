#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <cstdint>

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
    std::uint64_t last = 0;
    do {
        last = (*manager)->sweep_expired(kSweepAtOnce);
        deleted += last;
    } while (last != 0);
    if (session.json()) {
        print(sweep_json(deleted));
    } else {
        print(fmt::format("deleted {} entries that had ended\n", deleted));
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
