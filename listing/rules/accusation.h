// Accusation: whom a hit accuses under a rule.
#pragma once

#include "listing/model/hit.h"
#include "listing/model/list.h"
#include "listing/model/space.h"
#include "listing/model/trap_rule.h"

#include <string>
#include <vector>

namespace fairlist::rules {

// The identities of the hit that the rule counts; none for a hit of another kind. In shared space a
// hit with a customer's signature counts for the signer and not for the address.
struct Accusation {
    std::vector<Subject> identities;
    std::string step;  // why these, or why none
};
[[nodiscard]] Accusation accuse(const TrapRule& rule, ListKind list_kind, const AddressSpace& space,
                                const Hit& hit);

}  // namespace fairlist::rules
