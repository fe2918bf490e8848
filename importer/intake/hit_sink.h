// Hit sink: where hits go: the ledger, or what stands in for it.
#pragma once

#include "listing/manager/actor.h"
#include "listing/manager/ledger.h"
#include "listing/model/hit.h"

#include <cstddef>
#include <span>
#include <vector>

namespace fairlist::importer {

class HitSink {
  public:
    virtual ~HitSink() = default;

    // Durable when it returns; a hit whose key is known changes nothing. Limit: kHitsAtOnceMax.
    virtual std::vector<RecordedHit> record(const Actor& actor, std::span<const Hit> hits) = 0;
};

inline constexpr std::size_t kHitsAtOnceMax = Ledger::kRecordHitsMax;

class LedgerSink final : public HitSink {
  public:
    explicit LedgerSink(Ledger& ledger) : ledger_(ledger) {}

    std::vector<RecordedHit> record(const Actor& actor, std::span<const Hit> hits) override {
        return ledger_.record(actor, hits);
    }

  private:
    Ledger& ledger_;
};

}  // namespace fairlist::importer
