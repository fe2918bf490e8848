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

void HitWindow::add(CountedHit hit) {
    const auto begin = hits_.begin() + static_cast<std::ptrdiff_t>(first_);
    auto at = hits_.end();
    while (at != begin && age(hit) < age(*std::prev(at))) {
        --at;
    }
    if (at != begin && std::prev(at)->number == hit.number) {
        return;
    }
    hits_.insert(at, std::move(hit));
    if (hits_.size() - first_ > kWindowHitsMax) {
        ++first_;
        compact();
    }
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

std::vector<std::uint64_t> numbers_of(std::span<const CountedHit> hits,
                                      std::uint32_t window_seconds, Time now, std::size_t most) {
    std::vector<std::uint64_t> numbers;
    for (auto hit = hits.rbegin(); hit != hits.rend() && numbers.size() != most; ++hit) {
        if (is_within(hit->time, window_seconds, now)) {
            numbers.push_back(hit->number);
        }
    }
    return numbers;
}

}  // namespace fairlist::rules
