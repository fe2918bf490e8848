// StandingMeasures: the inputs of providers' standings, measured from what the store holds.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/standing_policies.h"
#include "listing/model/policy.h"
#include "listing/model/space_cover.h"
#include "listing/model/standing.h"
#include "listing/model/subject.h"
#include "listing/store/environment.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

using StandingInputs = std::array<Measure, kStandingInputs>;

// Of one snapshot and one moment: the same store and the same `at` give the same figures. What has
// a history (listings, hits, reports, attests) is taken as it was then; space and policies as they
// are now.
class StandingMeasures {
  public:
    // Reads what concerns all providers once. Lifetime: of the transaction.
    StandingMeasures(const store::Txn& txn, const StandingRules& rules, const PolicyRules& policy,
                     Time at);

    [[nodiscard]] StandingInputs of(const std::string& slug) const;

  private:
    struct Told {
        Subject subject;
        Time sent;
    };

    void read_listings();
    void read_reports();
    [[nodiscard]] Measure time_to_remedy(const std::string& slug) const;
    [[nodiscard]] Measure identification(std::uint32_t holder) const;
    [[nodiscard]] Measure honest_word(const std::string& slug) const;

    const store::Txn& txn_;
    StandingRules rules_;
    Time at_;
    Time from_;
    std::vector<std::string> slugs_;
    SpaceCover owners_;
    std::vector<std::uint64_t> held_;    // units, by holder
    std::vector<std::uint64_t> listed_;  // the same
    std::vector<Measure> repeats_;
    std::map<std::string, std::vector<Told>> told_;
    StandingPolicies policies_;
};

}  // namespace fairlist
