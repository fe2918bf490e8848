// PolicyVersions: the versions of a provider's policy that the store keeps, within a transaction.
#pragma once

#include "listing/base/time.h"
#include "listing/model/policy.h"
#include "listing/store/environment.h"
#include "listing/store/policy_records.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist {

// Versions that are kept in any case, and for how long all are; but never more than the most.
inline constexpr std::size_t kPolicyVersionsKept = 20;
inline constexpr std::uint32_t kPolicyVersionSecondsKept = 400U * 86400;
inline constexpr std::size_t kPolicyVersionsMax = 1000;

struct StoredPolicy {
    store::PolicyKey key;
    store::PolicyHeader header;
};

// Oldest first.
[[nodiscard]] std::vector<StoredPolicy> stored_policies(const store::Txn& txn,
                                                        std::string_view slug, PolicyVoice voice);
[[nodiscard]] const StoredPolicy* in_force_of(const std::vector<StoredPolicy>& versions) noexcept;
// The one that waits for approval: none but the newest does.
[[nodiscard]] const StoredPolicy* held_of(const std::vector<StoredPolicy>& versions) noexcept;
[[nodiscard]] MailPolicy load_policy(const store::Txn& txn, const StoredPolicy& stored);
// The header alone.
void save_policy(store::WriteTxn& txn, const StoredPolicy& stored);

// Whose policies are in force.
[[nodiscard]] std::vector<std::pair<std::string, PolicyVoice>> policies_kept(const store::Txn& txn);

enum class Retire : std::uint8_t {
    Held,  // what waited for approval does so no longer
    All    // and nothing is in force
};
// Versions that nobody asks for any more go.
void retire_policies(store::WriteTxn& txn, const std::vector<StoredPolicy>& versions, Retire what,
                     Time now);

}  // namespace fairlist
