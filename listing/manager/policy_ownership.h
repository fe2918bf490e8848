// PolicyOwnership: which parts of a policy its provider may say, prefix by prefix.
#pragma once

#include "listing/manager/policy_book.h"
#include "listing/model/policy.h"
#include "listing/model/protected_space.h"
#include "listing/model/provider.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct OwnedPolicy {
    MailPolicy policy;                   // what may be said; sorted by prefix, none twice
    std::vector<PolicyRefusal> refused;  // the first kPolicyRefusalsShown
    std::uint64_t refused_total = 0;
};
// Its ranges and exemptions by prefix; of several with one prefix the last counts, as it stands
// later in the document.
[[nodiscard]] MailPolicy in_order(MailPolicy policy);

// Requires: a policy in order.
[[nodiscard]] OwnedPolicy owned_part(const MailPolicy& policy, const HolderMap& holders,
                                     std::string_view slug, const ProtectedSpace& protected_space);

// Why the provider may not speak for the prefix; empty: it may. `whole`: nor for any part that
// another holds.
[[nodiscard]] std::string ownership_refusal(const Prefix& prefix, const HolderMap& holders,
                                            std::string_view slug,
                                            const ProtectedSpace& protected_space, bool whole);

}  // namespace fairlist
