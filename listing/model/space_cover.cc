#include "listing/model/space_cover.h"

#include "listing/base/check.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace fairlist {

namespace {

constexpr std::uint32_t kNobody = UINT32_MAX;
constexpr unsigned kBits48 = 16;  // of the high half, below a /48
constexpr Prefix kV4Space{{0, Address::kV4Low}, Prefix::kV4Offset};

Address before(const Address& address) noexcept {
    return {address.high - (address.low == 0 ? 1U : 0U), address.low - 1};
}

// By prefix, and those of one prefix as they came. (The libraries' stable sort warns of itself.)
std::vector<SpaceCover::Range> in_order(const std::vector<SpaceCover::Range>& ranges) {
    std::vector<std::size_t> order(ranges.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(ranges[i].prefix, i); });
    std::vector<SpaceCover::Range> sorted;
    sorted.reserve(ranges.size());
    for (const std::size_t i : order) {
        sorted.push_back(ranges[i]);
    }
    return sorted;
}

// A range of IPv6 says nothing of the IPv4 space that it holds numerically.
void leave_out_v4(std::vector<SpaceCover::Range>& ranges) {
    const bool holds_v4 = std::ranges::any_of(ranges, [](const SpaceCover::Range& range) {
        return !range.prefix.is_v4() && range.prefix.contains(kV4Space);
    });
    if (holds_v4) {
        ranges.insert(ranges.begin(), {kV4Space, kNobody});
    }
}

}  // namespace

SpaceCover::SpaceCover(std::vector<Range> ranges) {
    leave_out_v4(ranges);
    ranges = in_order(ranges);
    std::vector<Range> way;  // those that hold where we are, the widest first
    Address at;              // up to here all is laid out
    const auto close = [&] {
        const Address last = way.back().prefix.last();
        if (at <= last) {
            add(at, last, way.back().label);
            at = last.next();
        }
        way.pop_back();
    };
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const Range& range = ranges[i];
        if (i + 1 < ranges.size() && ranges[i + 1].prefix == range.prefix) {
            continue;
        }
        while (!way.empty() && !way.back().prefix.contains(range.prefix)) {
            close();
        }
        if (!way.empty() && at < range.prefix.base) {
            add(at, before(range.prefix.base), way.back().label);
        }
        at = range.prefix.base;
        way.push_back(range);
    }
    // Behind the end of the space `at` is zero again, which no range still open begins after.
    while (!way.empty()) {
        const bool is_end = at == Address{} && !parts_.empty() &&
                            parts_.back().last == Address{UINT64_MAX, UINT64_MAX};
        if (is_end) {
            break;
        }
        close();
    }
}

void SpaceCover::add(const Address& first, const Address& last, std::uint32_t label) {
    if (label == kNobody) {
        return;
    }
    const bool goes_on = !parts_.empty() && parts_.back().label == label &&
                         parts_.back().last.next() == first &&
                         parts_.back().last.is_v4() == first.is_v4();
    if (goes_on) {
        parts_.back().last = last;
    } else {
        parts_.push_back({first, last, label});
    }
}

std::optional<std::uint32_t> SpaceCover::label(const Address& address) const noexcept {
    const auto behind = std::ranges::upper_bound(parts_, address, {}, &Part::first);
    if (behind == parts_.begin() || std::prev(behind)->last < address) {
        return std::nullopt;
    }
    return std::prev(behind)->label;
}

void walk_common(const SpaceCover& one, const SpaceCover& other, const EachCommon& each) {
    auto a = one.parts().begin();
    auto b = other.parts().begin();
    while (a != one.parts().end() && b != other.parts().end()) {
        const Address first = std::max(a->first, b->first);
        const Address last = std::min(a->last, b->last);
        if (first <= last) {
            each(first, last, a->label, b->label);
        }
        if (a->last < b->last) {
            ++a;
        } else {
            ++b;
        }
    }
}

void SpaceUnits::add(const Address& first, const Address& last) noexcept {
    if (first.is_v4()) {
        count_ += last.low - first.low + 1;
        return;
    }
    const std::uint64_t begin = first.high >> kBits48;
    const std::uint64_t end = last.high >> kBits48;
    count_ += end - begin + (last_48_ == begin ? 0U : 1U);
    last_48_ = end;
}

}  // namespace fairlist
