#include "listing/index/range_index.h"

#include <algorithm>

namespace fairlist::index {

using store::Bytes;

namespace {

constexpr std::size_t kSlots = 1U << 14U;
constexpr std::size_t kV4Slots = 1U << 16U;

std::size_t slot_of(const NodeKey& key) noexcept {
    std::uint64_t hash = key.base.high * 0x9E3779B97F4A7C15U;
    hash = (hash ^ (hash >> 32U) ^ key.base.low) * 0xD6E8FEB86659FD93U;
    hash = (hash ^ key.depth) * 0x9E3779B97F4A7C15U;
    return hash >> (64 - 14);
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
        std::ranges::fill(slots_, Slot{});
        std::ranges::fill(v4_slots_, Slot{});
        generation_ = 1;
    }
}

Bytes RangeIndex::load(const NodeKey& key) {
    const NodeKeyBytes key_bytes = encode_key(key);
    return txn_->get(store::Table::Nodes, Bytes(key_bytes.data(), key_bytes.size()))
        .value_or(Bytes{});
}

Bytes RangeIndex::find(const NodeKey& key) {
    const bool is_v4_bucket = key.depth == kV4RootDepth + kRootStep && key.base.is_v4();
    Slot& slot = is_v4_bucket ? v4_slots_[key.base.v4() >> 16U] : slots_[slot_of(key)];
    if (slot.generation != generation_ || slot.key != key) {
        const Bytes bytes = load(key);
        slot = {key, generation_, bytes.data(), bytes.size()};
    }
    return {slot.bytes, slot.size};
}

std::size_t RangeIndex::find_path(const Address& address, std::array<RangeBlock, kPathMax>& path) {
    std::size_t count = 0;
    unsigned depth = address.is_v4() ? kV4RootDepth : 0;
    bool is_root = true;
    while (depth <= 128 && count < kPathMax) {
        const Bytes bytes = find({mask_to(address, depth), static_cast<std::uint8_t>(depth)});
        unsigned step = is_root ? kRootStep : 0;
        is_root = false;
        if (!bytes.empty()) {
            const auto block = RangeBlock::open(bytes);
            if (!block) {
                throw store::StoreError("store: nodes: a block is malformed");
            }
            if (block->size() != 0) {
                path[count++] = *block;
            }
            step = std::max(step, block->child_step());
        }
        if (step == 0) {
            break;
        }
        depth += step;
    }
    return count;
}

}  // namespace fairlist::index
