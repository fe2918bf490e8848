#include "listing/manager/standing_policies.h"

#include "listing/manager/policy_store.h"
#include "listing/rules/border.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace fairlist {

namespace {

constexpr std::uint32_t kNotCovered = 0;
constexpr std::uint32_t kCovered = 1;

SpaceCover coverage_of(const PolicyInForce& policy, bool is_fresh) {
    std::vector<SpaceCover::Range> ranges;
    ranges.reserve(policy.policy.ranges.size());
    for (const PolicyRange& range : policy.policy.ranges) {
        const bool counts =
            (is_fresh && policy.voice == PolicyVoice::Provider) || range.port25 == Port25::Closed;
        ranges.push_back({range.prefix, counts ? kCovered : kNotCovered});
    }
    return SpaceCover(std::move(ranges));
}

AddressSpace space_of(const MailPolicy& policy) {
    std::vector<SpaceRange> ranges;
    ranges.reserve(policy.ranges.size());
    for (const PolicyRange& range : policy.ranges) {
        ranges.push_back({range.prefix, range.use, {}, {}});
    }
    return AddressSpace(std::move(ranges));
}

}  // namespace

StandingPolicies::StandingPolicies(const store::Txn& txn, const std::vector<std::string>& slugs,
                                   const SpaceCover& owners, const PolicyRules& rules, Time at) {
    std::vector<SpaceCover::Range> covered;
    for (const PolicyInForce& policy : policies_in_force(txn)) {
        const auto found = std::ranges::find(slugs, policy.provider);
        if (found == slugs.end() || policy.imported > at) {
            continue;
        }
        const auto holder = static_cast<std::uint32_t>(found - slugs.begin());
        walk_common(coverage_of(policy, is_fresh(policy, rules, at)), owners,
                    [&](const Address& first, const Address& last, std::uint32_t counts,
                        std::uint32_t owner) {
                        if (counts == kCovered && owner == holder) {
                            for (const Prefix& prefix : split_range(first, last)) {
                                covered.push_back({prefix, holder});
                            }
                        }
                    });
        if (policy.voice == PolicyVoice::Provider) {
            published_.insert_or_assign(holder, space_of(policy.policy));
        }
    }
    // Both voices may cover the same: laid flat it counts once.
    const SpaceCover flat(std::move(covered));
    std::map<std::uint32_t, SpaceUnits> units;
    for (const SpaceCover::Part& part : flat.parts()) {
        units[part.label].add(part.first, part.last);
    }
    for (const auto& [holder, sum] : units) {
        covered_[holder] = sum.count();
    }
}

std::uint64_t StandingPolicies::covered_units(std::uint32_t holder) const {
    const auto found = covered_.find(holder);
    return found == covered_.end() ? 0 : found->second;
}

bool StandingPolicies::is_assigned(std::uint32_t holder, const Prefix& prefix) const {
    const auto found = published_.find(holder);
    return found != published_.end() && rules::assignment_of(found->second, prefix) != nullptr;
}

}  // namespace fairlist
