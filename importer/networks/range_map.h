// RangeMap: overlapping ranges of addresses with a value each, of which the narrowest counts.
#pragma once

#include "listing/model/address.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fairlist::importer {

// Of equally narrow ranges the one that begins later counts, then the one that was added later.
//
// After build() the ranges are cut into pieces that do not overlap, in order of their first
// address, so that a look-up is one binary search: 8 bytes a piece for IPv4, 20 for IPv6, and at
// most two pieces a range.
template <typename Key>
class RangeMap {
  public:
    // The value 0 is "none": such a range takes its addresses out of the wider ones.
    // Requires: first <= last; build() was not called. Limit: 2^32 - 1 ranges.
    void add(Key first, Key last, std::uint32_t value);
    void build();

    // 0: none. Requires: build() was called.
    [[nodiscard]] std::uint32_t find(Key key) const noexcept;

    // Calls `take(first, last, value)` for every piece that has a value, in order. Requires:
    // build() was called.
    template <typename Take>
    void for_each(Take&& take) const {
        for (std::size_t i = 0; i < firsts_.size(); ++i) {
            if (values_[i] != 0) {
                take(firsts_[i], last_of(i), values_[i]);
            }
        }
    }

    [[nodiscard]] std::size_t memory_bytes() const noexcept;

  private:
    struct Range {
        Key first;
        Key last;
        std::uint32_t value;
        std::uint32_t number;  // in the order of add()
    };
    struct IsWider;
    class Sweep;

    void sort();
    void cut();
    [[nodiscard]] Key last_of(std::size_t piece) const noexcept;
    void begin_piece(Key first, std::uint32_t value);

    std::vector<Range> ranges_;  // until build()
    std::vector<Key> firsts_;    // of the pieces, which reach to the next
    std::vector<std::uint32_t> values_;
};

// IPv4 and IPv6.
extern template class RangeMap<std::uint32_t>;
extern template class RangeMap<Address>;

}  // namespace fairlist::importer
