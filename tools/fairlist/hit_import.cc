#include "tools/fairlist/hit_import.h"

#include "tools/fairlist/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist::cli {

namespace {

// One transaction, and so one sync: small enough that the daemon's writers wait but a moment.
constexpr std::size_t kBatchHits = 1000;
static_assert(kBatchHits <= Ledger::kRecordHitsMax);

}  // namespace

bool HitImport::add(const std::string& where, Result<Hit> hit) {
    if (!hit) {
        return note_fault(where, hit.error());
    }
    batch_.push_back(std::move(*hit));
    if (batch_.size() == kBatchHits) {
        flush();
    }
    return true;
}

bool HitImport::note_fault(const std::string& where, const Error& error) {
    ++(error.code == Errc::Refused ? totals_.refused : totals_.rejected);
    if (totals_.faults.size() < kHitFaultsMax) {
        totals_.faults.push_back({where, error});
    }
    if (totals_.rejected > rejected_max_) {
        stop(
            fmt::format("{}: more than {} rejected: what comes behind is not read; --max-errors "
                        "sets how many may be",
                        where, rejected_max_));
    }
    return !totals_.stopped;
}

void HitImport::stop(std::string why) {
    totals_.stopped = std::move(why);
}

void HitImport::flush() {
    if (batch_.empty()) {
        return;
    }
    // A rule counts what came before a hit: logs that begin with the newest would list nobody.
    std::ranges::sort(batch_, {}, &Hit::time);
    for (const RecordedHit& recorded : ledger_.record(actor_, batch_)) {
        ++(recorded.duplicate ? totals_.duplicates : totals_.hits);
        totals_.effects.add(recorded);
    }
    batch_.clear();
}

HitImportTotals HitImport::finish() {
    flush();
    return std::move(totals_);
}

ExitStatus status_of(const HitImportTotals& totals) noexcept {
    const std::uint64_t failed = totals.rejected + totals.refused + (totals.stopped ? 1U : 0U);
    return status_of(totals.hits + totals.duplicates, failed);
}

std::string hit_import_text(const HitImportTotals& totals, std::string_view noun) {
    std::string text = fmt::format("{} taken in, {} known already", counted(totals.hits, noun),
                                   grouped(totals.duplicates));
    if (totals.rejected != 0) {
        text += fmt::format(", {} rejected", grouped(totals.rejected));
    }
    if (totals.refused != 0) {
        text += fmt::format(", {} refused", grouped(totals.refused));
    }
    return text + "; " + effects_text(totals.effects) + "\n";
}

}  // namespace fairlist::cli
