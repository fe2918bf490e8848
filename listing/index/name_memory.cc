#include "listing/index/name_memory.h"

#include <algorithm>
#include <cstring>

namespace fairlist::index {

namespace {

std::uint64_t word_at(const char* at) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    return word;
}

}  // namespace

void NameMemory::attach(const store::Txn& txn) noexcept {
    const std::uint64_t map_generation = txn.environment().gate().generation();
    if (txn.id() == txn_id_ && map_generation == map_generation_) {
        return;
    }
    txn_id_ = txn.id();
    map_generation_ = map_generation;
    if (++generation_ == 0) {
        std::ranges::fill(slots_, Slot{});
        generation_ = 1;
    }
}

// The ends and the size tell names apart well enough; equality is checked on the whole key.
std::size_t NameMemory::slot_of(store::Bytes key) noexcept {
    const std::uint64_t first = word_at(key.data());
    const std::uint64_t last = word_at(key.data() + key.size() - sizeof(std::uint32_t));
    const std::uint64_t middle = word_at(key.data() + (key.size() - sizeof(std::uint32_t)) / 2);
    const std::uint64_t mixed =
        (first ^ last << 32U ^ middle << 16U ^ key.size()) * 0x9E3779B97F4A7C15U;
    return mixed >> 56U;
}

const NearestName* NameMemory::find(store::Bytes key) const noexcept {
    if (!fits(key)) {
        return nullptr;
    }
    const Slot& slot = slots_[slot_of(key)];
    const bool is_same = slot.generation == generation_ && slot.size == key.size() &&
                         std::memcmp(slot.key.data(), key.data(), key.size()) == 0;
    return is_same ? &slot.nearest : nullptr;
}

void NameMemory::remember(store::Bytes key, const NearestName& nearest) noexcept {
    if (!fits(key)) {
        return;
    }
    Slot& slot = slots_[slot_of(key)];
    slot.nearest = nearest;
    slot.generation = generation_;
    slot.size = static_cast<std::uint32_t>(key.size());
    std::ranges::copy(key, slot.key.begin());
}

}  // namespace fairlist::index
