// PolicyCheck: whether a new version may take the place of the one in force.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/policy_versions.h"
#include "listing/model/policy.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist {

// How far in the future a policy may say that it was published: clocks and time zones differ.
inline constexpr std::uint32_t kPolicyFutureSecondsMax = 86400;

[[nodiscard]] Error no_such_provider(std::string_view slug);

// `before`: the one in force; null: none is. Errors: OutOfRange (too much or too long texts in it,
// published in the future), Conflict (older than the one in force).
[[nodiscard]] Result<void> check_policy(const MailPolicy& policy, const StoredPolicy* before,
                                        Time now);

// Why the version waits for an operator, by the number of its ranges and exemptions; empty: it
// does not.
[[nodiscard]] std::string policy_guard(const PolicyRules& rules, std::uint64_t before,
                                       std::uint64_t after);

}  // namespace fairlist
