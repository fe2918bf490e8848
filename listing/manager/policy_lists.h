// PolicyLists: makes the entries of one provider's policy in the lists exactly what it says now,
// within a transaction.
#pragma once

#include "listing/manager/actor.h"
#include "listing/manager/policy_book.h"
#include "listing/model/policy.h"
#include "listing/model/provider.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// The source of a policy's entries: "policy:SLUG", of ours "policy-ours:SLUG".
[[nodiscard]] std::string policy_source(std::string_view slug, PolicyVoice voice);

// What stands in the lists afterwards.
struct PolicyLists {
    std::uint64_t listed = 0;
    std::uint64_t exemptions = 0;
    std::uint64_t smarthosts = 0;
    std::uint64_t changed = 0;          // entries added, changed and removed
    std::vector<std::string> left_out;  // ranges in too many pieces
};

struct PolicyStand {
    std::string_view slug;
    PolicyVoice voice = PolicyVoice::Provider;
    const MailPolicy& policy;                     // only what the provider may say
    const std::vector<PolicyExemption>& granted;  // by call
    bool is_fresh = true;                         // else nothing is listed; exemptions stay
    std::string domain{};                         // answers for the provider's mail; empty: none
};

// Index and journal; a list that the configuration does not name gets nothing.
[[nodiscard]] PolicyLists put_policy_lists(store::WriteTxn& txn, const Actor& actor, Time now,
                                           const PolicyBookOptions& options,
                                           const HolderMap& holders, const PolicyStand& stand);
// What would stand.
[[nodiscard]] PolicyLists count_policy_lists(Time now, const PolicyBookOptions& options,
                                             const HolderMap& holders, const PolicyStand& stand);

}  // namespace fairlist
