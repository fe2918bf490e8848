// StandingPolicies: what the policies in force say of the space of their providers.
#pragma once

#include "listing/base/time.h"
#include "listing/model/policy.h"
#include "listing/model/space.h"
#include "listing/model/space_cover.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

class StandingPolicies {
  public:
    // `owners` has the holders by their index in `slugs`.
    StandingPolicies(const store::Txn& txn, const std::vector<std::string>& slugs,
                     const SpaceCover& owners, const PolicyRules& rules, Time at);

    // The space of a holder that counts as covered: under the provider's own policy while that is
    // fresh; and where its policy, or ours where it is silent, has port 25 closed, of whatever age,
    // as that is a fact of the network.
    [[nodiscard]] std::uint64_t covered_units(std::uint32_t holder) const;
    // Whether the provider itself has published an assignment that holds the prefix.
    [[nodiscard]] bool is_assigned(std::uint32_t holder, const Prefix& prefix) const;

  private:
    std::map<std::uint32_t, std::uint64_t> covered_;
    std::map<std::uint32_t, AddressSpace> published_;
};

}  // namespace fairlist
