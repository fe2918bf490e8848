// StandingHits: what the hits in the store say of space and of subjects within a time.
#pragma once

#include "listing/base/time.h"
#include "listing/model/address.h"
#include "listing/model/prefix.h"
#include "listing/model/subject.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace fairlist {

// Later than `after`, but not than `until`.
struct HitTimes {
    Time after;
    Time until;
};

// The addresses at fault (of IPv6 the /64s) whose first address is in first..last, each once with
// its number of hits, in order. Those without hits then are passed over.
void walk_accused(const store::Txn& txn, const Address& first, const Address& last, HitTimes times,
                  const std::function<void(const Prefix& identity, std::uint64_t hits)>& each);

// The first and the last hit on the subject; of a prefix also on what is in it. Nothing: none came.
struct HitSpan {
    Time first;
    Time last;
};
[[nodiscard]] std::optional<HitSpan> hit_span(const store::Txn& txn, const Subject& subject,
                                              HitTimes times);

}  // namespace fairlist
