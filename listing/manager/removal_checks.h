// Removal checks: those that the store answers, each with what was seen and its remedy.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/ground.h"
#include "listing/manager/removal_book.h"
#include "listing/model/removal.h"

#include <string>
#include <vector>

namespace fairlist {

// What a policy says, in one line for people.
[[nodiscard]] std::string policy_text(const PolicyQuote* quote);
// Whether who publishes the policy lets mail go out directly, at least when asked.
[[nodiscard]] bool permits_direct_mail(const PolicyQuote* quote) noexcept;

[[nodiscard]] Check policy_check(const PolicyQuote* quote);
// Tells no more of the last hit than its hour.
[[nodiscard]] Check quiet_check(const RemovalRule& rule, Time last_hit, Time now);
[[nodiscard]] Check earlier_check(const RemovalRule& rule, const EarlierGrants& earlier);
// Names of the other lists that have the subject.
[[nodiscard]] Check other_lists_check(const std::vector<std::string>& lists);

// The later of two of the same kind counts; in the order of their kinds.
void merge_checks(std::vector<Check>& checks, const std::vector<Check>& found);

}  // namespace fairlist
