#include "listing/rules/border.h"

#include <fmt/format.h>

#include <variant>

namespace fairlist::rules {

namespace {

// Whether a provider that publishes this says where one customer's part ends.
bool is_border(SpaceUse use) noexcept {
    return use == SpaceUse::Assigned || use == SpaceUse::Dedicated || use == SpaceUse::Quarantine;
}

// Nearest first, the range that says anything of borders; null: none of the holder's does.
const SpaceRange* decisive_range(const AddressSpace& space, const Prefix& identity) noexcept {
    const SpaceRange* range = space.find(identity);
    while (range != nullptr && !is_border(range->use) && !is_shared(range->use)) {
        range = range->is_foreign ? nullptr : space.wider(*range);
    }
    return range;
}

// In bits of the 128-bit space. 32 and 64 stand for "the address alone", whatever an identity is.
unsigned border_length(const TrapRule& rule, const Prefix& identity) noexcept {
    const TrapRule narrowest;
    if (identity.is_v4()) {
        return rule.border_v4 >= narrowest.border_v4 ? identity.length
                                                     : rule.border_v4 + Prefix::kV4Offset;
    }
    return rule.border_v6 >= narrowest.border_v6 ? identity.length : rule.border_v6;
}

Border border_of_prefix(const TrapRule& rule, const AddressSpace& space, const Prefix& identity) {
    if (const SpaceRange* range = decisive_range(space, identity)) {
        const std::string published =
            fmt::format("{} is published as {}", to_string(range->prefix), to_string(range->use));
        if (is_border(range->use)) {
            return {range->prefix, published};
        }
        return {identity, published + ": no wider than " + to_string(identity)};
    }
    const Prefix border = space.widen(identity, border_length(rule, identity));
    return {border, fmt::format("no assignment is published: the rule reaches as far as {}",
                                to_string(border))};
}

}  // namespace

const SpaceRange* assignment_of(const AddressSpace& space, const Prefix& prefix) noexcept {
    const SpaceRange* range = decisive_range(space, prefix);
    return range != nullptr && is_border(range->use) ? range : nullptr;
}

Border find_border(const TrapRule& rule, const AddressSpace& space, const Subject& identity) {
    if (const auto* prefix = std::get_if<Prefix>(&identity)) {
        return border_of_prefix(rule, space, *prefix);
    }
    return {identity, ""};
}

Subject border_of(const TrapRule& rule, const AddressSpace& space, const Subject& identity) {
    return find_border(rule, space, identity).subject;
}

}  // namespace fairlist::rules
