// Listing book: the listings that a simulation has opened, and what became of them.
#pragma once

#include "listing/base/time.h"
#include "listing/model/listing.h"
#include "listing/model/subject.h"
#include "listing/model/trap_rule.h"
#include "listing/rules/decision.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::rules {

struct SimulatedListing {
    Listing listing;                   // `id` counts from 1 in the order of opening
    std::vector<ListingEvent> events;  // the first ones and the last, at most kSimulatedEventsMax
};

inline constexpr std::size_t kSimulatedEventsMax = 32;
inline constexpr std::size_t kSimulatedListingsMax = 100000;

// What led to a change.
struct Evidence {
    Time now;
    std::uint64_t number = 0;               // of the hit that did
    std::span<const CountedHit> in_window;  // all that count, oldest first
};

class ListingBook {
  public:
    // Ends what has ended at `now`.
    void expire(Time now);

    // As the ledger would know it, notices that lapsed passed over.
    [[nodiscard]] std::optional<Past> past_of(const std::string& list,
                                              const Subject& subject) const;
    // Open listings of the rule's list inside the border; neither the border itself nor the
    // identity. No more are counted than the rule needs.
    [[nodiscard]] std::uint32_t open_within(const TrapRule& rule, const Prefix& border,
                                            const Subject& identity) const;

    // Does what the decision says. False: there are kSimulatedListingsMax, and nothing was done.
    [[nodiscard]] bool apply(const TrapRule& rule, Decision decision, const Evidence& evidence);

    // All listings, in the order of opening. The book is empty afterwards.
    [[nodiscard]] std::vector<SimulatedListing> take();

  private:
    struct Slot {
        std::size_t current = 0;    // 1 + the index of what is noticed or open; 0: nothing is
        std::optional<Past> ended;  // the latest that was listed
        std::uint64_t latest = 0;   // id; a notice that lapsed is forgotten
    };
    using Slots = std::map<Subject, Slot>;
    using Ends = std::pair<Time, std::size_t>;  // and the index

    [[nodiscard]] const Slot* find(const std::string& list, const Subject& subject) const;
    void start(const TrapRule& rule, const Subject& subject, Slot& slot, const Evidence& evidence);
    void end(SimulatedListing& ending);
    // A hit that changes nothing still counts for what is noticed or open.
    void count_hit(const TrapRule& rule, const Subject& subject, Time now);
    void change(const TrapRule& rule, Decision decision, const Evidence& evidence, Slot& slot);
    static void note(SimulatedListing& changed, ListingEvent event);

    std::vector<SimulatedListing> listings_;
    std::map<std::string, Slots> lists_;
    // An end that is no longer the listing's is passed over when its time comes.
    std::priority_queue<Ends, std::vector<Ends>, std::greater<>> ends_;
};

}  // namespace fairlist::rules
