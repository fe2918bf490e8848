#include "listing/model/space.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>

namespace fairlist {

namespace {

struct NamedUse {
    SpaceUse use;
    std::string_view name;
};
constexpr std::array<NamedUse, 10> kUses = {{{SpaceUse::Dynamic, "dynamic"},
                                             {SpaceUse::Static, "static"},
                                             {SpaceUse::Shared, "shared"},
                                             {SpaceUse::Dedicated, "dedicated"},
                                             {SpaceUse::Assigned, "assigned"},
                                             {SpaceUse::Smarthost, "smarthost"},
                                             {SpaceUse::Quarantine, "quarantine"},
                                             {SpaceUse::Infrastructure, "infrastructure"},
                                             {SpaceUse::Unassigned, "unassigned"},
                                             {SpaceUse::MailService, "mail-service"}}};

// An IPv6 prefix says nothing of IPv4, although it may hold it numerically (prefix.h).
bool holds(const Prefix& outer, const Prefix& inner) noexcept {
    return outer.contains(inner) && outer.is_v4() == inner.is_v4();
}

unsigned bits_in_common(const Address& a, const Address& b) noexcept {
    if (a.high != b.high) {
        return static_cast<unsigned>(std::countl_zero(a.high ^ b.high));
    }
    return 64 + static_cast<unsigned>(std::countl_zero(a.low ^ b.low));
}

// By prefix, and those of one prefix as they came. (The libraries' stable sort warns of itself.)
std::vector<SpaceRange> in_order(std::vector<SpaceRange> ranges) {
    std::vector<std::size_t> order(ranges.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(ranges[i].prefix, i); });
    std::vector<SpaceRange> sorted;
    sorted.reserve(ranges.size());
    for (const std::size_t i : order) {
        sorted.push_back(std::move(ranges[i]));
    }
    return sorted;
}

}  // namespace

std::string_view to_string(SpaceUse use) noexcept {
    const auto* const found = std::ranges::find(kUses, use, &NamedUse::use);
    return found == kUses.end() ? "?" : found->name;
}

Result<SpaceUse> parse_space_use(std::string_view text) {
    const auto* const found = std::ranges::find(kUses, text, &NamedUse::name);
    if (found == kUses.end()) {
        return fail(
            Errc::Malformed,
            fmt::format("use \"{}\": expected dynamic, static, shared, dedicated, assigned, "
                        "smarthost, quarantine, infrastructure, unassigned or mail-service",
                        text.substr(0, 64)));
    }
    return found->use;
}

AddressSpace::AddressSpace(std::vector<SpaceRange> ranges) : ranges_(in_order(std::move(ranges))) {
    parents_.resize(ranges_.size());
    for (std::size_t i = 1; i < ranges_.size(); ++i) {
        std::size_t parent = i;
        while (parent != 0 && !ranges_[parent - 1].prefix.contains(ranges_[i].prefix)) {
            parent = parents_[parent - 1];
        }
        parents_[i] = parent;
    }
}

const SpaceRange* AddressSpace::holder(const Prefix& prefix, std::size_t at) const noexcept {
    while (at != 0 && !holds(ranges_[at - 1].prefix, prefix)) {
        at = parents_[at - 1];
    }
    return at == 0 ? nullptr : &ranges_[at - 1];
}

const SpaceRange* AddressSpace::find(const Prefix& prefix) const noexcept {
    const auto behind = std::ranges::upper_bound(ranges_, prefix, {}, &SpaceRange::prefix);
    return holder(prefix, static_cast<std::size_t>(behind - ranges_.begin()));
}

const SpaceRange* AddressSpace::wider(const SpaceRange& range) const noexcept {
    const SpaceRange* at = &range;
    do {
        at = holder(range.prefix, parents_[static_cast<std::size_t>(at - ranges_.data())]);
    } while (at != nullptr && at->prefix == range.prefix);
    return at;
}

Prefix AddressSpace::widen(const Prefix& prefix, unsigned length) const noexcept {
    const auto behind = std::ranges::upper_bound(ranges_, prefix, {}, &SpaceRange::prefix);
    length = std::max(length, prefix.is_v4() ? Prefix::kV4Offset : 0);
    if (const SpaceRange* range = find(prefix)) {
        length = std::max<unsigned>(length, range->prefix.length);
    }
    // In this order the neighbours are those that share the most leading bits.
    if (behind != ranges_.end()) {
        length = std::max(length, bits_in_common(behind->prefix.base, prefix.base) + 1);
    }
    if (behind != ranges_.begin() && !std::prev(behind)->prefix.contains(prefix)) {
        length = std::max(length, bits_in_common(std::prev(behind)->prefix.base, prefix.base) + 1);
    }
    return length < prefix.length ? Prefix::of(prefix.base, length) : prefix;
}

}  // namespace fairlist
