// RangeIndex: look-up of addresses in the nodes table, for one thread.
#pragma once

#include "listing/index/range_block.h"
#include "listing/model/address.h"
#include "listing/store/environment.h"

#include <boost/container/static_vector.hpp>

#include <cstdint>
#include <span>
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
            const RangeBlock block = RangeBlock::reopen(path[i]);
            std::uint32_t item = block.narrowest(address);
            while (item != RangeBlock::kNone) {
                visit(block.mark(item), block.length(item));
                item = block.parent(item);
            }
        }
    }

    // A hint that these addresses will be looked up soon. In stages, so that what the processor
    // has to wait for overlaps for all of them. At most kExpectMax are taken.
    void expect(std::span<const std::uint32_t> v4) const noexcept;

    static constexpr std::size_t kExpectMax = 64;

  private:
    // The blocks on the way to an address that have entries, from the top.
    using Path = boost::container::static_vector<const char*, kPathMax>;

    struct Slot {
        const char* block = nullptr;  // null: no such node
        std::uint32_t generation = 0;
        std::uint16_t count = 0;  // items of the block, at most UINT16_MAX
        std::uint8_t child_step = 0;
    };
    struct KeyedSlot {
        NodeKey key;
        Slot slot;
    };

    void find_path(const Address& address, Path& path);
    [[nodiscard]] Slot find(const NodeKey& key);
    [[nodiscard]] const KeyedSlot* find_keyed(std::size_t first, const NodeKey& key) const noexcept;
    static void expect_block(const Slot& slot) noexcept;
    static void expect_item(const Slot& slot, std::uint32_t v4) noexcept;
    [[nodiscard]] bool is_known(const Slot& slot) const noexcept {
        return slot.generation == generation_;
    }
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
