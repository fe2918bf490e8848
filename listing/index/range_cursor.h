// RangeCursor: the address entries of the whole index in order, all lists together.
#pragma once

#include "listing/index/range_block.h"
#include "listing/index/range_index.h"
#include "listing/store/environment.h"

#include <array>
#include <cstdint>

namespace fairlist::index {

// Goes through the tree of nodes in key order and merges each node's entries with those of the
// nodes below it, so that the entries come sorted by node_order().
class RangeCursor {
  public:
    static constexpr std::uint64_t kAllLists = ~std::uint64_t{0};

    explicit RangeCursor(const store::Txn& txn);

    // Binds it to the present begin() of the Snapshot that it was made with; allocates nothing.
    void renew(const store::Snapshot& snapshot);

    // To the first entry not before this prefix in the order of Prefix. With `list_bits`, nodes
    // without an entry of such a list are passed over, their exemptions too.
    void seek(const Prefix& prefix, std::uint64_t list_bits = kAllLists);
    // To the next entry; false at the end.
    [[nodiscard]] bool next();

    [[nodiscard]] const Prefix& prefix() const noexcept { return prefix_; }
    [[nodiscard]] const store::Mark& mark() const noexcept { return mark_; }

  private:
    struct Frame {
        RangeBlock block;
        NodeKey key;
        std::uint32_t at = 0;
        Prefix front;  // prefix of item `at`
    };

    void push(const NodeKey& key, store::Bytes bytes, const Prefix* from);
    void push_path(const Prefix& prefix, unsigned root_depth);
    void read_pending(bool found);
    [[nodiscard]] Frame* earliest() noexcept;

    const store::Txn* txn_;
    store::Cursor cursor_;
    std::array<Frame, 2 * kPathMax> frames_;
    std::size_t frame_count_ = 0;
    NodeKey pending_;
    bool has_pending_ = false;
    std::uint64_t list_bits_ = kAllLists;
    Prefix prefix_;
    store::Mark mark_;
};

}  // namespace fairlist::index
