// RangeIndex: look-up of addresses in the nodes table, for one thread.
#pragma once

#include "listing/index/range_block.h"
#include "listing/model/address.h"
#include "listing/store/environment.h"

#include <boost/container/static_vector.hpp>

#include <cstdint>
#include <vector>

namespace fairlist::index {

// Where the tree of nodes starts: fixed by FORMAT.md.
inline constexpr unsigned kV4RootDepth = 96;
inline constexpr unsigned kRootStep = 16;    // of both roots; deeper steps are chosen by size
inline constexpr std::size_t kPathMax = 36;  // v6 root, then at most one node every 4 bits

// Remembers where the blocks lie for as long as the transaction's number and the map stay. All
// memory is taken at construction: 2.5 MiB.
//
// Lifetime: attach() before use, to a transaction that lives until the last look-up.
class RangeIndex {
  public:
    RangeIndex();

    // Forgets what it knows when the transaction sees another commit or another map.
    void attach(const store::Txn& txn) noexcept;

    // Calls visit(const store::Mark&, unsigned length) for every entry whose prefix covers the
    // address, of all lists, narrowest first; of one prefix the exemptions first. An IPv4 address
    // meets IPv4 prefixes only.
    template <typename Visit>
    void covering(const Address& address, const Visit& visit) {
        Path path;
        find_path(address, path);
        for (std::size_t i = path.size(); i-- != 0;) {
            const RangeBlock& block = path[i];
            std::uint32_t item = block.narrowest(address);
            while (item != RangeBlock::kNone) {
                visit(block.mark(item), block.length(item));
                item = block.parent(item);
            }
        }
    }

    // Two hints that the address will be looked up soon: its place in the table of blocks, then
    // the block. Given for a whole batch one after the other, its misses overlap.
    void expect(std::uint32_t v4) const noexcept { __builtin_prefetch(&v4_slots_[v4 >> 16U]); }
    void expect_block(std::uint32_t v4) const noexcept;

  private:
    // The blocks on the way to an address that have entries, from the top.
    using Path = boost::container::static_vector<RangeBlock, kPathMax>;

    struct Slot {
        const char* block = nullptr;  // null: no such node
        std::uint32_t generation = 0;
        std::uint32_t count = 0;  // items of the block
    };
    struct KeyedSlot {
        NodeKey key;
        Slot slot;
    };

    void find_path(const Address& address, Path& path);
    [[nodiscard]] Slot find(const NodeKey& key);
    [[nodiscard]] Slot load(const NodeKey& key) const;

    const store::Txn* txn_ = nullptr;
    std::uint64_t txn_id_ = 0;
    std::uint64_t map_generation_ = 0;
    std::uint32_t generation_ = 0;
    std::vector<KeyedSlot> slots_;  // by key, in pairs
    std::vector<Slot> v4_slots_;    // by the first 16 bits of an IPv4 address
    Slot v4_root_;
    Slot root_;
};

}  // namespace fairlist::index
