// Hit import: hits of a file into the ledger, some at a time, with all that was wrong counted.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "tools/fairlist/exit_status.h"
#include "tools/fairlist/recorded_hit.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

// What was not taken in, where it stands ("hits.jsonl:3") and why; nothing of it is quoted.
struct HitFault {
    std::string where;
    Error error;  // Refused: it accuses nobody who may be listed; others: it cannot be read
};

struct HitImportTotals {
    std::uint64_t hits = 0;  // new ones
    std::uint64_t duplicates = 0;
    std::uint64_t rejected = 0;  // cannot be read
    std::uint64_t refused = 0;   // accuse nobody who may be listed
    EffectCounts effects;
    std::vector<HitFault> faults;        // the first kHitFaultsMax
    std::optional<std::string> stopped;  // why the rest was not read
};

inline constexpr std::size_t kHitFaultsMax = 1000;

// Thread: one. Throws store::StoreError; what was recorded before stays, and counts once when it
// comes again.
class HitImport {
  public:
    // More than `rejected_max` hits that cannot be read stop it.
    HitImport(Ledger& ledger, Actor actor, std::uint64_t rejected_max)
        : ledger_(ledger), actor_(std::move(actor)), rejected_max_(rejected_max) {}

    // False: stop reading.
    [[nodiscard]] bool add(const std::string& where, Result<Hit> hit);
    // What is wrong with the source, and not with one hit.
    void stop(std::string why);
    // Records what is left. The object is used up.
    [[nodiscard]] HitImportTotals finish();

    [[nodiscard]] const HitImportTotals& totals() const noexcept { return totals_; }

  private:
    void flush();
    [[nodiscard]] bool note_fault(const std::string& where, const Error& error);

    Ledger& ledger_;
    Actor actor_;
    std::uint64_t rejected_max_;
    std::vector<Hit> batch_;
    HitImportTotals totals_;
};

// Duplicates count as done, and what accuses nobody as not done.
[[nodiscard]] ExitStatus status_of(const HitImportTotals& totals) noexcept;

// "12 hits taken in, 2 known already, 1 rejected; 1 listing opened". One line.
[[nodiscard]] std::string hit_import_text(const HitImportTotals& totals, std::string_view noun);

}  // namespace fairlist::cli
