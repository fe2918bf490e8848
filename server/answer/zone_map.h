// ZoneMap: the zones by the wire form of their names.
#pragma once

#include "server/dns/query.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fairlist::answer {

struct Zone;

// Made once, then only read. Lifetime: of the zones given.
class ZoneMap {
  public:
    ZoneMap() = default;
    explicit ZoneMap(std::span<const Zone> zones);

    // Null: there is none of that name, in lower case and without the root label.
    [[nodiscard]] const Zone* find(std::string_view wire) const noexcept;
    // The zone with the most labels that the name is in or below; null: none.
    [[nodiscard]] const Zone* find_above(const dns::QueryName& name) const noexcept;

  private:
    [[nodiscard]] std::size_t slot_of(std::string_view wire) const noexcept;

    // Open addressing, at most half full: a power of two. Null: free.
    std::vector<const Zone*> slots_ = {nullptr};
    std::vector<std::uint8_t> label_counts_;  // each that some zone has, the largest first
};

}  // namespace fairlist::answer
