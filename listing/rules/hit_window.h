// Hit window: the hits on one identity that a rule still counts.
#pragma once

#include "listing/base/time.h"
#include "listing/model/hit.h"
#include "listing/model/trap_rule.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fairlist::rules {

// A hit that counts for the identity.
struct CountedHit {
    std::uint64_t number = 0;
    Time time;
    std::uint32_t trap = 0;
    std::uint16_t weight = kHitWeightOne;
    std::string sensor;
};

// A hit without a trap counts its sensor as one.
[[nodiscard]] bool is_same_trap(const CountedHit& a, const CountedHit& b) noexcept;
[[nodiscard]] CountedHit count(std::uint64_t number, const Hit& hit);

// Whether a hit of this time lies in (now - window, now].
[[nodiscard]] constexpr bool is_within(Time time, std::uint32_t window_seconds, Time now) noexcept {
    return time <= now && now.seconds - time.seconds < window_seconds;
}

// Above what any rule needs (kRuleHitsMax), so that more would change no decision.
inline constexpr std::size_t kWindowHitsMax = 4 * kRuleHitsMax;

// At most kWindowHitsMax hits, so that one identity that floods a trap costs no more than that: a
// hit too many takes the place of the oldest one of its own trap, else of the oldest of all. So a
// flood of one trap never hides the hits of others. Fastest when hits are added oldest first.
class HitWindow {
  public:
    explicit HitWindow(std::uint32_t window_seconds) : window_seconds_(window_seconds) {}

    // A hit of a number that is there already changes nothing.
    void add(CountedHit hit);
    // Forgets what has left the window for good.
    void drop_old(Time now);

    // By time, then number: oldest first. Lifetime: until the next change.
    [[nodiscard]] std::span<const CountedHit> hits() const noexcept {
        return std::span(hits_).subspan(first_);
    }

  private:
    void drop_one_like(std::size_t index);
    void compact();

    std::uint32_t window_seconds_;
    std::vector<CountedHit> hits_;
    std::size_t first_ = 0;  // what is before it is forgotten
};

// The numbers of the newest hits, newest first, at most `most`: the evidence of a listing.
[[nodiscard]] std::vector<std::uint64_t> newest(std::span<const CountedHit> hits, std::size_t most);

}  // namespace fairlist::rules
