#include "listing/index/range_index.h"

#include <algorithm>

namespace fairlist::index {

using store::Bytes;

namespace {

constexpr unsigned kSlotBits = 15;
constexpr std::size_t kSlots = 1U << kSlotBits;
constexpr std::size_t kV4Slots = 1U << 16U;
constexpr std::size_t kCacheLineBytes = 64;

// Of fewer items all columns lie in the first lines of the block.
constexpr unsigned kSmallBlock = 16;

std::size_t slot_of(const NodeKey& key) noexcept {
    std::uint64_t hash = key.base.high * 0x9E3779B97F4A7C15U;
    hash = (hash ^ (hash >> 32U) ^ key.base.low) * 0xD6E8FEB86659FD93U;
    hash = (hash ^ key.depth) * 0x9E3779B97F4A7C15U;
    return hash >> (64 - kSlotBits);
}

}  // namespace

void RangeIndex::expect_block(const Slot& slot) noexcept {
    if (slot.count == 0) {
        return;
    }
    // The header, and where a search among 16-bit keys begins: most blocks have such.
    const char* middle = slot.block + RangeBlock::kHeaderBytes + slot.count;
    __builtin_prefetch(slot.block);
    __builtin_prefetch(middle);
    __builtin_prefetch(middle + kCacheLineBytes);
}

void RangeIndex::expect_item(const Slot& slot, std::uint32_t v4) noexcept {
    if (slot.count > kSmallBlock) {
        RangeBlock::reopen(slot.block).expect(Address::from_v4(v4));
    }
}

RangeIndex::RangeIndex() : slots_(kSlots), v4_slots_(kV4Slots) {}

void RangeIndex::attach(const store::Txn& txn) noexcept {
    txn_ = &txn;
    const std::uint64_t id = txn.id();
    const std::uint64_t map_generation = txn.environment().gate().generation();
    if (id == txn_id_ && map_generation == map_generation_) {
        return;
    }
    txn_id_ = id;
    map_generation_ = map_generation;
    if (++generation_ == 0) {
        // After 2^32 commits old slots would look new.
        std::ranges::fill(slots_, KeyedSlot{});
        std::ranges::fill(v4_slots_, Slot{});
        v4_root_ = root_ = {};
        generation_ = 1;
    }
}

RangeIndex::Slot RangeIndex::load(const NodeKey& key) const {
    const NodeKeyBytes key_bytes = encode_key(key);
    const auto bytes = txn_->get(store::Table::Nodes, Bytes(key_bytes.data(), key_bytes.size()));
    if (!bytes) {
        return {.generation = generation_};
    }
    const auto block = RangeBlock::open(*bytes);
    if (!block) {
        throw store::StoreError("store: nodes: a block is malformed");
    }
    return {.block = bytes->data(),
            .generation = generation_,
            .count = static_cast<std::uint16_t>(std::min<std::uint32_t>(block->size(), UINT16_MAX)),
            .child_step = static_cast<std::uint8_t>(block->child_step())};
}

RangeIndex::Slot RangeIndex::find(const NodeKey& key) {
    const bool is_v4 = key.base.is_v4() && key.depth >= kV4RootDepth;
    Slot* known = nullptr;
    if (is_v4 && key.depth == kV4RootDepth + kRootStep) {
        known = &v4_slots_[key.base.v4() >> 16U];
    } else if (is_v4 && key.depth == kV4RootDepth) {
        known = &v4_root_;
    } else if (key.depth == 0) {
        known = &root_;
    }
    if (known != nullptr) {
        if (!is_known(*known)) {
            *known = load(key);
        }
        return *known;
    }
    const std::size_t first = slot_of(key);
    if (const KeyedSlot* found = find_keyed(first, key)) {
        return found->slot;
    }
    // The neighbour when it is free: two keys that hash alike stay known together.
    const bool is_taken = is_known(slots_[first].slot);
    const bool is_next_free = !is_known(slots_[first ^ 1U].slot);
    KeyedSlot& slot = slots_[is_taken && is_next_free ? first ^ 1U : first];
    slot = {key, load(key)};
    return slot.slot;
}

const RangeIndex::KeyedSlot* RangeIndex::find_keyed(std::size_t first,
                                                    const NodeKey& key) const noexcept {
    for (const std::size_t at : {first, first ^ 1U}) {
        if (is_known(slots_[at].slot) && slots_[at].key == key) {
            return &slots_[at];
        }
    }
    return nullptr;
}

void RangeIndex::find_path(const Address& address, Path& path) {
    unsigned depth = address.is_v4() ? kV4RootDepth : 0;
    unsigned step = kRootStep;
    while (path.size() < kPathMax) {
        const Slot slot = find({mask_to(address, depth), static_cast<std::uint8_t>(depth)});
        if (slot.count != 0) {
            path.push_back(slot.block);
        }
        step = std::max<unsigned>(step, slot.child_step);
        if (step == 0 || depth + step > 128) {
            return;
        }
        depth += step;
        step = 0;
    }
}

void RangeIndex::expect(std::span<const std::uint32_t> v4) const noexcept {
    v4 = v4.first(std::min(v4.size(), kExpectMax));
    for (const std::uint32_t address : v4) {
        __builtin_prefetch(&v4_slots_[address >> 16U]);
    }
    // Where the way to each address goes on below its /16, if it does.
    struct Child {
        std::uint32_t v4 = 0;
        NodeKey key;
        std::size_t slot = 0;
    };
    boost::container::static_vector<Child, kExpectMax> children;
    for (const std::uint32_t address : v4) {
        const Slot& slot = v4_slots_[address >> 16U];
        if (!is_known(slot)) {
            continue;
        }
        expect_block(slot);
        if (slot.child_step != 0) {
            const auto depth =
                static_cast<std::uint8_t>(kV4RootDepth + kRootStep + slot.child_step);
            const NodeKey key{mask_to(Address::from_v4(address), depth), depth};
            children.push_back({address, key, slot_of(key)});
            __builtin_prefetch(&slots_[children.back().slot]);
        }
    }
    for (const std::uint32_t address : v4) {
        const Slot& slot = v4_slots_[address >> 16U];
        if (is_known(slot)) {
            expect_item(slot, address);
        }
    }
    for (const Child& child : children) {
        if (const KeyedSlot* found = find_keyed(child.slot, child.key)) {
            expect_block(found->slot);
        }
    }
    for (const Child& child : children) {
        if (const KeyedSlot* found = find_keyed(child.slot, child.key)) {
            expect_item(found->slot, child.v4);
        }
    }
}

}  // namespace fairlist::index
