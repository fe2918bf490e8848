// StandingListings: what the listings in the store say of providers at a time: which space is
// listed, and which removed subjects came back.
#pragma once

#include "listing/base/time.h"
#include "listing/model/prefix.h"
#include "listing/model/space_cover.h"
#include "listing/model/standing.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace fairlist {

// A removed subject that is listed again within so long came back.
inline constexpr std::uint32_t kRepeatSeconds = 30 * 86400;

class StandingListings {
  public:
    // Reads all listings once: those open at `at`, and those removed from `from` on.
    StandingListings(const store::Txn& txn, Time from, Time at);

    // What is listed then, of all lists; the label says nothing.
    [[nodiscard]] const SpaceCover& listed() const noexcept { return listed_; }
    // By holder, as `owners` has them: subjects removed (or exempted) since `from`, and those of
    // them that were listed again in the same list.
    [[nodiscard]] std::vector<Measure> repeats(const SpaceCover& owners, std::size_t holders) const;

  private:
    struct Removed {
        Prefix subject;
        Time time;
        bool came_back = false;
    };

    SpaceCover listed_;
    std::unordered_map<std::uint64_t, Removed> removed_;  // by the listing's number
};

}  // namespace fairlist
