#include "listing/model/space.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
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

AddressSpace::AddressSpace(std::vector<SpaceRange> ranges) : ranges_(std::move(ranges)) {
    std::ranges::stable_sort(ranges_, {}, &SpaceRange::prefix);
    parents_.resize(ranges_.size());
    for (std::size_t i = 1; i < ranges_.size(); ++i) {
        std::size_t parent = i;
        while (parent != 0 && !ranges_[parent - 1].prefix.contains(ranges_[i].prefix)) {
            parent = parents_[parent - 1];
        }
        parents_[i] = parent;
    }
}

const SpaceRange* AddressSpace::find(const Prefix& prefix) const noexcept {
    const auto behind = std::ranges::upper_bound(ranges_, prefix, {}, &SpaceRange::prefix);
    auto at = static_cast<std::size_t>(behind - ranges_.begin());
    while (at != 0 && !ranges_[at - 1].prefix.contains(prefix)) {
        at = parents_[at - 1];
    }
    return at == 0 ? nullptr : &ranges_[at - 1];
}

}  // namespace fairlist
