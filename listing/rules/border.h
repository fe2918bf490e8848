// Border: how far around an identity a listing may reach.
#pragma once

#include "listing/model/space.h"
#include "listing/model/subject.h"
#include "listing/model/trap_rule.h"

#include <string>

namespace fairlist::rules {

struct Border {
    Subject subject;   // never narrower than the identity
    std::string step;  // why there; empty for domains
};

// The narrowest assignment that is published and holds the identity. The identity itself where the
// space is shared, or is so nearer than any assignment. Else as wide as the rule says, but within
// the range that holds the identity, and outside of those that do not. Of domains: itself.
[[nodiscard]] Border find_border(const TrapRule& rule, const AddressSpace& space,
                                 const Subject& identity);

// The narrowest assignment that is published and holds the prefix; null: none, or the space is
// nearer said to be shared. Lifetime: of the space.
[[nodiscard]] const SpaceRange* assignment_of(const AddressSpace& space,
                                              const Prefix& prefix) noexcept;

// The subject of find_border().
[[nodiscard]] Subject border_of(const TrapRule& rule, const AddressSpace& space,
                                const Subject& identity);

}  // namespace fairlist::rules
