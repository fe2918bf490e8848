#include "listing/manager/ground_rules.h"

#include <string>
#include <variant>

namespace fairlist {

rules::Adjusted rule_for(const TrapRule& rule, const Subject& subject, const Ground& ground,
                         const StandingRules& standing) {
    const auto* prefix = std::get_if<Prefix>(&subject);
    const std::string holder = prefix == nullptr ? std::string() : ground.holder_of(*prefix);
    if (holder.empty()) {
        return {rule, {}};
    }
    const Tier tier = ground.tier_of(holder);
    return rules::adjust(rule, holder, tier, standing.effect(tier));
}

}  // namespace fairlist
