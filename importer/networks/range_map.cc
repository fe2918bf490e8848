#include "importer/networks/range_map.h"

#include "listing/base/check.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <type_traits>

namespace fairlist::importer {

namespace {

constexpr Address kLastAddress{UINT64_MAX, UINT64_MAX};

bool is_last(std::uint32_t key) noexcept {
    return key == UINT32_MAX;
}
bool is_last(const Address& key) noexcept {
    return key == kLastAddress;
}

std::uint32_t after(std::uint32_t key) noexcept {
    return key + 1;
}
Address after(const Address& key) noexcept {
    return key.next();
}

std::uint32_t width(std::uint32_t first, std::uint32_t last) noexcept {
    return last - first;
}
std::uint32_t before(std::uint32_t key) noexcept {
    return key - 1;
}
Address before(const Address& key) noexcept {
    return {key.low == 0 ? key.high - 1 : key.high, key.low - 1};
}

Address width(const Address& first, const Address& last) noexcept {
    const std::uint64_t borrow = last.low < first.low ? 1 : 0;
    return {last.high - first.high - borrow, last.low - first.low};
}

}  // namespace

// Puts the range that counts on top of a heap of their places in the order of sort().
template <typename Key>
struct RangeMap<Key>::IsWider {
    const std::vector<Range>& ranges;

    bool operator()(std::size_t a, std::size_t b) const noexcept {
        const Key width_a = width(ranges[a].first, ranges[a].last);
        const Key width_b = width(ranges[b].first, ranges[b].last);
        return width_a != width_b ? width_a > width_b : a < b;
    }
};

template <typename Key>
void RangeMap<Key>::add(Key first, Key last, std::uint32_t value) {
    FAIRLIST_CHECK(first <= last);
    FAIRLIST_CHECK(ranges_.size() < UINT32_MAX);
    ranges_.push_back({first, last, value, static_cast<std::uint32_t>(ranges_.size())});
}

template <typename Key>
void RangeMap<Key>::build() {
    sort();
    cut();
    ranges_ = std::vector<Range>();  // "= {}" would keep its memory
    firsts_.shrink_to_fit();
    values_.shrink_to_fit();
}

// Most files are in order already.
template <typename Key>
void RangeMap<Key>::sort() {
    const auto comes_first = [](const Range& a, const Range& b) {
        return a.first != b.first ? a.first < b.first : a.number < b.number;
    };
    if (!std::ranges::is_sorted(ranges_, comes_first)) {
        std::ranges::sort(ranges_, comes_first);
    }
}

// The ranges that cover a place, which moves from the beginning of the space to its end.
template <typename Key>
class RangeMap<Key>::Sweep {
  public:
    explicit Sweep(const std::vector<Range>& ranges) : ranges_(ranges), open_(IsWider{ranges}) {}

    [[nodiscard]] bool is_done() const noexcept { return next_ == ranges_.size() && open_.empty(); }

    // Where something changes next; none at the end of the space. Requires: not done.
    [[nodiscard]] std::optional<Key> next_border() const {
        const bool has_next = next_ < ranges_.size();
        if (open_.empty()) {
            return ranges_[next_].first;
        }
        const Key last = top().last;
        if (has_next && ranges_[next_].first <= last) {
            return ranges_[next_].first;
        }
        return is_last(last) ? std::nullopt : std::optional(after(last));
    }

    // Takes in the ranges that begin at the border and leaves those behind that ended before it.
    void move_to(const Key& border) {
        while (next_ < ranges_.size() && ranges_[next_].first == border) {
            open_.push(next_++);
        }
        while (!open_.empty() && top().last < border) {
            open_.pop();
        }
    }

    // What counts at the border.
    [[nodiscard]] std::uint32_t value() const { return open_.empty() ? 0 : top().value; }

  private:
    [[nodiscard]] const Range& top() const { return ranges_[open_.top()]; }

    const std::vector<Range>& ranges_;
    std::size_t next_ = 0;  // the first that did not begin yet
    std::priority_queue<std::size_t, std::vector<std::size_t>, IsWider> open_;
};

// Each turn takes in a range or leaves one behind, so there are at most two turns a range.
template <typename Key>
void RangeMap<Key>::cut() {
    Sweep sweep(ranges_);
    while (!sweep.is_done()) {
        const std::optional<Key> border = sweep.next_border();
        if (!border) {
            return;
        }
        sweep.move_to(*border);
        begin_piece(*border, sweep.value());
    }
}

template <typename Key>
void RangeMap<Key>::begin_piece(Key first, std::uint32_t value) {
    const std::uint32_t before = values_.empty() ? 0 : values_.back();
    if (value != before) {
        firsts_.push_back(first);
        values_.push_back(value);
    }
}

template <typename Key>
Key RangeMap<Key>::last_of(std::size_t piece) const noexcept {
    if (piece + 1 < firsts_.size()) {
        return before(firsts_[piece + 1]);
    }
    if constexpr (std::is_same_v<Key, std::uint32_t>) {
        return UINT32_MAX;
    } else {
        return kLastAddress;
    }
}

template <typename Key>
std::uint32_t RangeMap<Key>::find(Key key) const noexcept {
    const auto next = std::ranges::upper_bound(firsts_, key);
    if (next == firsts_.begin()) {
        return 0;
    }
    return values_[static_cast<std::size_t>(next - firsts_.begin()) - 1];
}

template <typename Key>
std::size_t RangeMap<Key>::memory_bytes() const noexcept {
    return firsts_.capacity() * sizeof(Key) + values_.capacity() * sizeof(std::uint32_t) +
           ranges_.capacity() * sizeof(Range);
}

template class RangeMap<std::uint32_t>;
template class RangeMap<Address>;

}  // namespace fairlist::importer
