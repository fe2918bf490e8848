// PolicyGrants: the exemptions that providers granted by call, within a transaction.
#pragma once

#include "listing/base/time.h"
#include "listing/model/policy.h"
#include "listing/store/environment.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// Of one provider: as many as a policy may have.
inline constexpr std::size_t kPolicyGrantsMax = kPolicyExemptionsMax;

// Those that have not ended, by prefix, after `after`; at most `limit`.
[[nodiscard]] std::vector<PolicyExemption> policy_grants(const store::Txn& txn,
                                                         std::string_view slug, Time now,
                                                         std::optional<Prefix> after = std::nullopt,
                                                         std::size_t limit = kPolicyGrantsMax);
[[nodiscard]] std::optional<PolicyExemption> find_policy_grant(const store::Txn& txn,
                                                               std::string_view slug,
                                                               const Prefix& prefix);
// In place of one of the same prefix.
void put_policy_grant(store::WriteTxn& txn, std::string_view slug,
                      const PolicyExemption& exemption);
// Whether there was one.
bool erase_policy_grant(store::WriteTxn& txn, std::string_view slug, const Prefix& prefix);
// Those that ended, or all.
void drop_policy_grants(store::WriteTxn& txn, std::string_view slug, std::optional<Time> ended_at);
// Who granted any.
[[nodiscard]] std::vector<std::string> policy_grantors(const store::Txn& txn);

}  // namespace fairlist
