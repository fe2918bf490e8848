// RangeIndex: look-up of addresses in the nodes table, for one thread.
#pragma once

#include "listing/index/range_block.h"
#include "listing/model/address.h"
#include "listing/store/environment.h"

#include <array>
#include <cstdint>
#include <vector>

namespace fairlist::index {

// Where the tree of nodes starts: fixed by FORMAT.md.
inline constexpr unsigned kV4RootDepth = 96;
inline constexpr unsigned kRootStep = 16;    // of both roots; deeper steps are chosen by size
inline constexpr std::size_t kPathMax = 36;  // v6 root, then at most one node every 4 bits

// Remembers where the blocks lie for as long as the transaction's number and the map stay. All
// memory is taken at construction: about 4 MiB.
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
        std::array<RangeBlock, kPathMax> path;
        std::size_t depth = find_path(address, path);
        while (depth-- != 0) {
            const RangeBlock& block = path[depth];
            std::uint32_t item = block.narrowest(address);
            while (item != RangeBlock::kNone) {
                visit(block.mark(item), block.length(item));
                item = block.parent(item);
            }
        }
    }

    // The blocks on the way to this address that exist and have entries, from the top. Returns how
    // many.
    [[nodiscard]] std::size_t find_path(const Address& address,
                                        std::array<RangeBlock, kPathMax>& path);

  private:
    struct Slot {
        NodeKey key;
        std::uint32_t generation = 0;
        const char* bytes = nullptr;  // null: no such node
        std::size_t size = 0;
    };

    [[nodiscard]] store::Bytes find(const NodeKey& key);
    [[nodiscard]] store::Bytes load(const NodeKey& key);

    const store::Txn* txn_ = nullptr;
    std::uint64_t txn_id_ = 0;
    std::uint64_t map_generation_ = 0;
    std::uint32_t generation_ = 0;
    std::vector<Slot> slots_;     // direct-mapped by key
    std::vector<Slot> v4_slots_;  // by the first 16 bits of an IPv4 address
};

}  // namespace fairlist::index
