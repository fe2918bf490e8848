#include "listing/rules/hit_window.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace fairlist::rules {

namespace {

std::tuple<Time, std::uint64_t> age(const CountedHit& hit) noexcept {
    return {hit.time, hit.number};
}

}  // namespace

CountedHit count(std::uint64_t number, const Hit& hit) {
    return {number, hit.time, hit.trap, hit.weight, hit.sensor};
}

bool is_same_trap(const CountedHit& a, const CountedHit& b) noexcept {
    return a.trap == b.trap && (a.trap != 0 || a.sensor == b.sensor);
}

void HitWindow::add(CountedHit hit) {
    const auto begin = hits_.begin() + static_cast<std::ptrdiff_t>(first_);
    auto at = hits_.end();
    while (at != begin && age(hit) < age(*std::prev(at))) {
        --at;
    }
    if (at != begin && std::prev(at)->number == hit.number) {
        return;
    }
    at = hits_.insert(at, std::move(hit));
    if (hits().size() > kWindowHitsMax) {
        drop_one_like(static_cast<std::size_t>(at - hits_.begin()));
    }
}

void HitWindow::drop_one_like(std::size_t index) {
    const auto begin = hits_.begin() + static_cast<std::ptrdiff_t>(first_);
    const auto hit = hits_.begin() + static_cast<std::ptrdiff_t>(index);
    const auto is_like = [&](const CountedHit& other) {
        return is_same_trap(other, *hit);
    };
    const auto oldest = std::find_if(begin, hits_.end(), is_like);
    const bool is_alone =
        oldest == hit && std::find_if(std::next(hit), hits_.end(), is_like) == hits_.end();
    hits_.erase(is_alone ? begin : oldest);
}

void HitWindow::drop_old(Time now) {
    while (first_ != hits_.size() && hits_[first_].time <= now &&
           !is_within(hits_[first_].time, window_seconds_, now)) {
        ++first_;
    }
    compact();
}

void HitWindow::compact() {
    // Moving the rest only when it is the smaller half costs each hit one move at most.
    if (first_ * 2 >= hits_.size()) {
        hits_.erase(hits_.begin(), hits_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

std::vector<std::uint64_t> newest(std::span<const CountedHit> hits, std::size_t most) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(std::min(hits.size(), most));
    for (auto hit = hits.rbegin(); hit != hits.rend() && numbers.size() != most; ++hit) {
        numbers.push_back(hit->number);
    }
    return numbers;
}

}  // namespace fairlist::rules
