// Trap judging: the mails that wait in the vault, judged in this process, as the daemon does it.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "listing/manager/vault.h"
#include "server/config/config.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace fairlist::cli {

// What became of one hit; the hit itself tells no trap, `mail` and `trap` aside.
using EachHit = std::function<void(const Hit&, const RecordedHit&)>;

struct JudgingOptions {
    Actor actor;
    std::uint64_t limit = UINT64_MAX;  // mails
    EachHit each;                      // after it is durable
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct JudgingTotals {
    std::uint64_t judged = 0;  // mails
    std::uint64_t failed = 0;  // mails that could not be judged: they wait, or are parked
    std::uint64_t hits = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t parked = 0;
    std::uint64_t waiting = 0;          // mails that still wait, at the end
    std::optional<std::string> halted;  // why nobody could go on
};

// Mails that wait when it begins, those excepted whose next try is not due. Errors: NotFound (the
// reading program, the public suffix list, a resolver). Throws store::StoreError.
[[nodiscard]] Result<JudgingTotals> judge_waiting(const config::Config& config, Vault& vault,
                                                  Ledger& ledger, const JudgingOptions& options);

}  // namespace fairlist::cli
