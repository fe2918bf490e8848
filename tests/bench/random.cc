#include "tests/bench/random.h"

#include <algorithm>

namespace fairlist::bench {

std::size_t WeightedDraw::draw(Random& random) const {
    const auto found = std::ranges::upper_bound(sums_, random.unit() * sums_.back());
    const auto index = static_cast<std::size_t>(found - sums_.begin());
    return std::min(index, sums_.size() - 1);
}

}  // namespace fairlist::bench
