// NameMemory: what was last found nearest above a name, for the few names that lie above most.
#pragma once

#include "listing/store/environment.h"

#include <array>
#include <cstdint>
#include <vector>

namespace fairlist::index {

// The entry of the names table whose key is nearest at or above a name.
struct NearestName {
    store::Bytes marks;
    std::size_t key_bytes = 0;  // so many of the name's key are its own; 0: there is none
};

// One thread's. It compares whole keys, so that it never answers for another one; who asks for
// names that share slots makes it forget, and costs the table's own look-ups again. All memory is
// taken at construction: 16 KiB.
class NameMemory {
  public:
    NameMemory() : slots_(kSlots) {}

    // To be called for each snapshot: forgets everything when it is not of the same commit.
    void attach(const store::Txn& txn) noexcept;

    // Null: not remembered. Valid until the next call of anything here.
    [[nodiscard]] const NearestName* find(store::Bytes key) const noexcept;
    void remember(store::Bytes key, const NearestName& nearest) noexcept;

  private:
    static constexpr std::size_t kSlots = 256;
    static constexpr std::size_t kKeyBytesMin = 4;  // a list and one label: see names in FORMAT.md
    static constexpr std::size_t kKeyBytesMax = 32;

    struct Slot {
        NearestName nearest;
        std::uint32_t generation = 0;
        std::uint32_t size = 0;
        std::array<char, kKeyBytesMax> key{};
    };

    [[nodiscard]] static bool fits(store::Bytes key) noexcept {
        return key.size() >= kKeyBytesMin && key.size() <= kKeyBytesMax;
    }
    // Requires: fits(key).
    [[nodiscard]] static std::size_t slot_of(store::Bytes key) noexcept;

    std::vector<Slot> slots_;
    std::uint32_t generation_ = 1;
    std::uint64_t txn_id_ = 0;
    std::uint64_t map_generation_ = 0;
};

}  // namespace fairlist::index
