// Simulation: what rules would have listed, by hits that came in already.
#pragma once

#include "listing/base/time.h"
#include "listing/model/hit.h"
#include "listing/model/list.h"
#include "listing/model/space.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/adjustment.h"
#include "listing/rules/decision.h"
#include "listing/rules/hit_window.h"
#include "listing/rules/listing_book.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::rules {

struct SimulatedRule {
    TrapRule rule;
    ListKind list_kind = ListKind::Address;
};

struct SimulationTotals {
    std::uint64_t hits = 0;
    std::uint64_t counted = 0;  // hits that a rule counted for an identity, for each of them
    std::uint64_t refused = 0;  // decisions to list what may not be listed
    // What the limits left out: with any of these the result is a part of the truth.
    std::uint64_t hits_left_out = 0;
    std::uint64_t listings_left_out = 0;
};

// In all windows together. Each takes up to some 300 bytes.
inline constexpr std::size_t kSimulationHitsMax = 2000000;

// Starts with nothing listed, and lists nothing but what the rules list. Makes the decisions that
// the ledger makes, from the same functions.
class Simulation {
  public:
    // Why the list may not have the subject; empty: it may.
    using Refusal = std::function<std::string(const std::string& list, const Subject& subject)>;

    // The rule as it holds for an identity; not set: as it is.
    using Adjust = std::function<Adjusted(const TrapRule& rule, const Subject& identity)>;

    // Lifetime: `space` outlives the simulation.
    Simulation(std::vector<SimulatedRule> rules, const AddressSpace& space, Refusal refusal,
               Adjust adjust = {});

    // In the order of time; one that is older than the one before is taken as of the same time.
    void feed(std::uint64_t number, const Hit& hit);

    // What is listed at `end`, and what was before, in the order of opening. Nothing may be fed
    // afterwards.
    [[nodiscard]] std::vector<SimulatedListing> finish(Time end);

    [[nodiscard]] const SimulationTotals& totals() const noexcept { return totals_; }
    // In all windows; those that have left their window may still be among them.
    [[nodiscard]] std::size_t hits_held() const noexcept { return hits_held_; }

  private:
    using WindowKey = std::pair<std::size_t, Subject>;  // the rule's place, the identity

    void weigh(std::size_t rule, const Subject& identity, const CountedHit& hit);
    // Null when the windows are full.
    HitWindow* window_with(std::size_t rule, const Subject& identity, const CountedHit& hit);
    void sweep_windows();
    [[nodiscard]] Situation situation_of(const TrapRule& rule, const Subject& identity,
                                         const Border& border,
                                         std::span<const CountedHit> hits) const;

    std::vector<SimulatedRule> rules_;
    const AddressSpace& space_;
    Refusal refusal_;
    Adjust adjust_;
    Time now_;
    std::map<WindowKey, HitWindow> windows_;
    std::size_t hits_held_ = 0;  // at least as many as the windows hold
    std::size_t until_sweep_;    // so many hits more
    ListingBook book_;
    SimulationTotals totals_;
};

}  // namespace fairlist::rules
