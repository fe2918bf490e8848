#include "listing/index/range_index.h"

#include <algorithm>

namespace fairlist::index {

using store::Bytes;

namespace {

constexpr unsigned kSlotBits = 15;
constexpr std::size_t kSlots = 1U << kSlotBits;
constexpr std::size_t kV4Slots = 1U << 16U;
constexpr std::size_t kCacheLineBytes = 64;

std::size_t slot_of(const NodeKey& key) noexcept {
    std::uint64_t hash = key.base.high * 0x9E3779B97F4A7C15U;
    hash = (hash ^ (hash >> 32U) ^ key.base.low) * 0xD6E8FEB86659FD93U;
    hash = (hash ^ key.depth) * 0x9E3779B97F4A7C15U;
    return hash >> (64 - kSlotBits);
}

}  // namespace

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
        return {nullptr, generation_, 0};
    }
    const auto block = RangeBlock::open(*bytes);
    if (!block) {
        throw store::StoreError("store: nodes: a block is malformed");
    }
    return {bytes->data(), generation_, block->size()};
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
        if (known->generation != generation_) {
            *known = load(key);
        }
        return *known;
    }
    const std::size_t first = slot_of(key);
    for (const std::size_t at : {first, first ^ 1U}) {
        if (slots_[at].slot.generation == generation_ && slots_[at].key == key) {
            return slots_[at].slot;
        }
    }
    // The neighbour when it is free: two keys that hash alike stay known together.
    const bool is_taken = slots_[first].slot.generation == generation_;
    const bool is_next_free = slots_[first ^ 1U].slot.generation != generation_;
    KeyedSlot& slot = slots_[is_taken && is_next_free ? first ^ 1U : first];
    slot = {key, load(key)};
    return slot.slot;
}

void RangeIndex::expect_block(std::uint32_t v4) const noexcept {
    const Slot& slot = v4_slots_[v4 >> 16U];
    if (slot.generation != generation_ || slot.block == nullptr) {
        return;
    }
    // The header, and where a search among 16-bit keys begins: most blocks have such.
    const char* middle = slot.block + RangeBlock::kHeaderBytes + slot.count;
    __builtin_prefetch(slot.block);
    __builtin_prefetch(middle);
    __builtin_prefetch(middle + kCacheLineBytes);
}

void RangeIndex::find_path(const Address& address, Path& path) {
    unsigned depth = address.is_v4() ? kV4RootDepth : 0;
    unsigned step = kRootStep;
    while (path.size() < kPathMax) {
        const Slot slot = find({mask_to(address, depth), static_cast<std::uint8_t>(depth)});
        if (slot.block != nullptr) {
            const RangeBlock block = RangeBlock::reopen(slot.block);
            if (slot.count != 0) {
                path.push_back(block);
            }
            step = std::max(step, block.child_step());
        }
        if (step == 0 || depth + step > 128) {
            return;
        }
        depth += step;
        step = 0;
    }
}

}  // namespace fairlist::index
