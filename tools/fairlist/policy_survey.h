// PolicySurvey: a mail policy in figures: what its ranges are for, and what it would list.
#pragma once

#include "importer/policy/policy_document.h"
#include "listing/base/time.h"
#include "listing/model/policy.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairlist::cli {

// IPv4 addresses and IPv6 /64s; a narrower range counts as none of these.
struct SpaceFigure {
    std::uint64_t v4 = 0;
    std::uint64_t v6_64s = 0;
};

struct UseFigure {
    SpaceUse use = SpaceUse::Unassigned;
    std::uint64_t ranges = 0;
    SpaceFigure space;  // where no narrower range says otherwise
};

struct PolicySurvey {
    std::vector<UseFigure> uses;  // those that there are
    SpaceFigure covered;
    SpaceFigure listed;       // as not for direct mail
    SpaceFigure quarantined;  // with a code of its own
    std::uint64_t exemptions = 0;
    std::uint64_t listed_prefixes = 0;  // that the policy list would get
    std::uint64_t smarthosts = 0;       // that the allow list would get
};

[[nodiscard]] PolicySurvey survey(const MailPolicy& policy, Time now);

// Adds what the provider may not say to the reading's faults: space that is too wide or not the
// provider's; and as warnings special-purpose space, which those who import it may allow. `space`:
// the provider's, sorted; null: all that may be anybody's.
void check_ownership(importer::PolicyReading& reading, const std::vector<Prefix>* space);

}  // namespace fairlist::cli
