// SpaceCover: nested ranges laid flat, so that what is in which, and how much, can be counted.
#pragma once

#include "listing/model/address.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace fairlist {

// Narrower ranges override wider ones, and of two with the same prefix the later one counts.
class SpaceCover {
  public:
    struct Range {
        Prefix prefix;
        std::uint32_t label = 0;
    };
    // Of one family; parts do not overlap and stand in order.
    struct Part {
        Address first;
        Address last;
        std::uint32_t label = 0;

        friend bool operator==(const Part&, const Part&) noexcept = default;
    };

    SpaceCover() = default;
    // Requires: no label is UINT32_MAX.
    explicit SpaceCover(std::vector<Range> ranges);

    [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }
    // Nothing where no range is.
    [[nodiscard]] std::optional<std::uint32_t> label(const Address& address) const noexcept;

  private:
    void add(const Address& first, const Address& last, std::uint32_t label);

    std::vector<Part> parts_;
};

// What both cover, in order, with the label of each.
using EachCommon = std::function<void(const Address& first, const Address& last, std::uint32_t one,
                                      std::uint32_t other)>;
void walk_common(const SpaceCover& one, const SpaceCover& other, const EachCommon& each);

// How much space that is: IPv4 addresses and IPv6 /48s (what a site is given, RFC 6177 section 2),
// of which one that is touched counts whole. So one customer weighs about the same in both.
// Requires: parts come in order.
class SpaceUnits {
  public:
    void add(const Address& first, const Address& last) noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  private:
    std::uint64_t count_ = 0;
    std::optional<std::uint64_t> last_48_;
};

}  // namespace fairlist
