// Lifetime: for how long a subject is listed, by how often it was before.
#pragma once

#include "listing/base/time.h"
#include "listing/model/listing.h"
#include "listing/model/trap_rule.h"

#include <cstdint>
#include <optional>
#include <string>

namespace fairlist::rules {

// What the ledger knows of a subject in the rule's list: its latest listing. Notices that lapsed
// are passed over, as they never listed: it is then the listing before them, if any.
struct Past {
    ListingState state = ListingState::Expired;
    Time until;
    Time notice_until;
    Time ended;               // of one that has ended
    std::uint32_t times = 0;  // as the listing's
};

// The same at `now`: an open one whose end has passed has ended, also where nobody has noted that
// yet. Suspended ones stay so, as that was a person's decision.
[[nodiscard]] std::optional<Past> settle(std::optional<Past> past, Time now);

struct Lifetime {
    std::uint32_t times = 1;  // as the listing's that is opened or extended
    Time until;               // of one that is opened now
    std::string step;
};

// Requires: settle() has seen `past`; the rule has lifetimes.
[[nodiscard]] Lifetime lifetime_of(const TrapRule& rule, const std::optional<Past>& past, Time now);

// Whether a later end is worth writing the listing anew: by at least a part in kExtensionParts of
// what would be left of it, so that a flood of hits is not one of changes. An end that is not set
// is the latest.
inline constexpr std::uint32_t kExtensionParts = 100;
[[nodiscard]] bool is_worth_extending(Time until, Time decided, Time now) noexcept;

// Ends with the last second that Time can tell.
[[nodiscard]] Time later(Time time, std::uint64_t seconds) noexcept;

}  // namespace fairlist::rules
