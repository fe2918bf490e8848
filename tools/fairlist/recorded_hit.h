// Recorded hit: what the ledger made of a hit, for people and for JSON.
#pragma once

#include "listing/manager/ledger.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {

// What rules made of hits, counted.
struct EffectCounts {
    std::uint64_t opened = 0;
    std::uint64_t extended = 0;
    std::uint64_t noticed = 0;
    std::uint64_t refused = 0;

    void add(const RecordedHit& recorded) noexcept;
};

// A new hit without what could tell its trap.
struct RecordedView {
    std::uint64_t number = 0;
    std::vector<std::string> accused;  // the address and the domains
    std::vector<RuleEffect> effects;   // those that waited for more hits are left out
};

[[nodiscard]] RecordedView view_recorded(const Hit& hit, const RecordedHit& recorded);

// "hit 12: 192.0.2.9, spam.example: css opened listing 4 of 192.0.2.9 in list css".
[[nodiscard]] std::string recorded_text(const RecordedView& view);

// "2 listings opened, 1 extended"; "no listing opened" when there is nothing to say.
[[nodiscard]] std::string effects_text(const EffectCounts& counts);

}  // namespace fairlist::cli
