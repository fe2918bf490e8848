// PolicyStore: the policies as the store holds them, for who reads them within a transaction.
#pragma once

#include "listing/base/time.h"
#include "listing/model/policy.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct PolicyInForce {
    std::string provider;  // slug
    PolicyVoice voice = PolicyVoice::Provider;
    std::uint64_t version = 0;
    Time imported;
    // As it was published: what its provider may say of it is told by owned_part()
    // (policy_ownership.h), as space comes and goes.
    MailPolicy policy;
};

// Of all providers; without their exemptions, which are in the index, unless asked for.
[[nodiscard]] std::vector<PolicyInForce> policies_in_force(const store::Txn& txn,
                                                           bool with_exemptions = false);
[[nodiscard]] std::optional<PolicyInForce> policy_in_force(const store::Txn& txn,
                                                           std::string_view provider,
                                                           PolicyVoice voice);

// Since when it is published: as it says, but not after it was imported; that when it says nothing.
[[nodiscard]] Time published(const PolicyInForce& policy) noexcept;
[[nodiscard]] bool is_fresh(const PolicyInForce& policy, const PolicyRules& rules,
                            Time now) noexcept;

}  // namespace fairlist
