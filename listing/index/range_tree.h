// RangeTree: the nodes table as a tree that grows and shrinks with its entries.
#pragma once

#include "listing/index/range_block.h"
#include "listing/index/range_index.h"
#include "listing/model/entry.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace fairlist::index {

// A block above this size is split into nodes below it, so that one change rewrites little.
inline constexpr std::size_t kBlockBytesMax = 8192;

// New address entries of one import, sorted by prefix; the numbers mean something to the caller.
class PrefixRun {
  public:
    virtual ~PrefixRun() = default;
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    [[nodiscard]] virtual Prefix prefix(std::size_t at) const noexcept = 0;
};

class RangeTree {
  public:
    // Changes the entries of one node; `incoming` are the numbers of the run's entries that belong
    // there, in order. Returns whether it changed them; it need not keep node_order().
    using MergeNode =
        std::function<bool(std::vector<NodeItem>& items, const std::vector<std::size_t>& incoming)>;

    // Whether the node's entries of the list and source are exactly first..last of the run already.
    // A quick look before the node is taken apart: "no" is always right.
    using IsSame = std::function<bool(const RangeBlock& block, const Address& node_base,
                                      std::size_t first, std::size_t last)>;

    explicit RangeTree(store::WriteTxn& txn) : txn_(&txn), writer_(&txn) {}
    // Goes through the motions and writes nothing.
    explicit RangeTree(const store::Txn& txn) : txn_(&txn) {}

    // The node where this prefix has its entries: `edit` changes them and says whether it did.
    void edit(const Prefix& prefix, const std::function<bool(std::vector<NodeItem>&)>& edit);

    enum class Family : std::uint8_t { V4, V6 };

    // What one import brings into the tree: the entries of a list and source become those of `run`.
    struct Merge {
        const PrefixRun& run;
        ListId list;
        SourceId source;
        const MergeNode& merge;
        const IsSame& is_same;
    };
    // Calls `merge` for every node of the family that has an entry of this list and source, or gets
    // one of the run, unless `is_same`. Requires: all of the run is of that family.
    void merge(Family family, const Merge& what);

  private:
    struct Part {  // entries first..last of the run that belong to one child
        NodeKey key;
        std::size_t first = 0;
        std::size_t last = 0;
    };

    [[nodiscard]] store::Bytes load(const NodeKey& key) const;
    void merge_node(const NodeKey& key, std::size_t first, std::size_t last, const Merge& what);
    [[nodiscard]] std::vector<Part> parts_below(const NodeKey& key, unsigned step,
                                                std::size_t first, std::size_t last,
                                                const PrefixRun& run) const;
    [[nodiscard]] bool has_children(const NodeKey& key) const;
    void save(const NodeKey& key, unsigned step, std::vector<NodeItem>& items);
    [[nodiscard]] bool split_if_possible(const NodeKey& key, const std::vector<NodeItem>& items);
    void split(const NodeKey& key, unsigned step, const std::vector<NodeItem>& items);

    const store::Txn* txn_;
    store::WriteTxn* writer_ = nullptr;
};

}  // namespace fairlist::index
