// Hit window: the hits on one identity that a rule still counts.
#pragma once

#include "listing/base/time.h"
#include "listing/model/hit.h"

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

[[nodiscard]] CountedHit count(std::uint64_t number, const Hit& hit);

// Whether a hit of this time lies in (now - window, now].
[[nodiscard]] constexpr bool is_within(Time time, std::uint32_t window_seconds, Time now) noexcept {
    return time <= now && now.seconds - time.seconds < window_seconds;
}

// More would change no decision that a sane rule makes: the newest are kept.
inline constexpr std::size_t kWindowHitsMax = 10000;

// At most kWindowHitsMax hits, the newest, so that one identity that floods the traps costs no more
// than that. Fastest when hits are added in the order of time.
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
    void compact();

    std::uint32_t window_seconds_;
    std::vector<CountedHit> hits_;
    std::size_t first_ = 0;  // what is before it is forgotten
};

// Numbers of the hits in the window, newest first, at most `most`: the evidence of a listing.
[[nodiscard]] std::vector<std::uint64_t> numbers_of(std::span<const CountedHit> hits,
                                                    std::uint32_t window_seconds, Time now,
                                                    std::size_t most);

}  // namespace fairlist::rules
