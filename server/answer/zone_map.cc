#include "server/answer/zone_map.h"

#include "server/answer/zone_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

namespace fairlist::answer {

namespace {

// Eight bytes at once, the last of them once more. The configuration alone says what is in the
// table, so that nobody who asks can make the runs long.
std::uint64_t hash_of(std::string_view wire) noexcept {
    std::uint64_t hash = wire.size();
    std::uint64_t word = 0;
    const auto mix = [&] {
        hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 32U;
    };
    if (wire.size() < sizeof(word)) {
        for (const char c : wire) {
            word = word << 8U | static_cast<std::uint8_t>(c);
        }
        mix();
        return hash;
    }
    const std::size_t last = wire.size() - sizeof(word);
    for (std::size_t at = 0; at < last; at += sizeof(word)) {
        std::memcpy(&word, wire.data() + at, sizeof(word));
        mix();
    }
    std::memcpy(&word, wire.data() + last, sizeof(word));
    mix();
    return hash;
}

}  // namespace

ZoneMap::ZoneMap(std::span<const Zone> zones) : slots_(std::bit_ceil(2 * zones.size() + 1)) {
    for (const Zone& zone : zones) {
        std::size_t slot = slot_of(zone.wire);
        while (slots_[slot] != nullptr) {
            slot = (slot + 1) % slots_.size();
        }
        slots_[slot] = &zone;
        label_counts_.push_back(zone.label_count);
    }
    std::ranges::sort(label_counts_, std::ranges::greater{});
    const auto doubles = std::ranges::unique(label_counts_);
    label_counts_.erase(doubles.begin(), doubles.end());
}

std::size_t ZoneMap::slot_of(std::string_view wire) const noexcept {
    return hash_of(wire) & (slots_.size() - 1);
}

const Zone* ZoneMap::find(std::string_view wire) const noexcept {
    for (std::size_t slot = slot_of(wire); slots_[slot] != nullptr;
         slot = (slot + 1) & (slots_.size() - 1)) {
        if (slots_[slot]->wire == wire) {
            return slots_[slot];
        }
    }
    return nullptr;
}

const Zone* ZoneMap::find_above(const dns::QueryName& name) const noexcept {
    for (const std::uint8_t labels : label_counts_) {
        if (labels > name.label_count) {
            continue;
        }
        const auto suffix = name.suffix(name.label_count - std::size_t{labels});
        const Zone* zone = find({reinterpret_cast<const char*>(suffix.data()), suffix.size()});
        if (zone != nullptr) {
            return zone;
        }
    }
    return nullptr;
}

}  // namespace fairlist::answer
