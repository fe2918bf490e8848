#include "listing/manager/policy_ownership.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace fairlist {

namespace {

constexpr unsigned kWidestV4 = 8;
constexpr unsigned kWidestV6 = 16;

template <typename Item>
std::vector<Item> items_in_order(std::vector<Item> items) {
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(items[i].prefix, i); });
    std::vector<Item> sorted;
    sorted.reserve(items.size());
    for (const std::size_t i : order) {
        if (!sorted.empty() && sorted.back().prefix == items[i].prefix) {
            sorted.back() = std::move(items[i]);
        } else {
            sorted.push_back(std::move(items[i]));
        }
    }
    return sorted;
}

}  // namespace

MailPolicy in_order(MailPolicy policy) {
    policy.ranges = items_in_order(std::move(policy.ranges));
    policy.exemptions = items_in_order(std::move(policy.exemptions));
    return policy;
}

std::string ownership_refusal(const Prefix& prefix, const HolderMap& holders, std::string_view slug,
                              const ProtectedSpace& protected_space, bool whole) {
    const unsigned widest = prefix.is_v4() ? kWidestV4 : kWidestV6;
    if (prefix.written_length() < widest) {
        return fmt::format("wider than the /{} that a policy may speak of", widest);
    }
    if (const auto why = protected_space.refusal(prefix); !why.empty()) {
        return fmt::format("protected space: {}", why);
    }
    const HolderMap::Row* row = holders.narrowest(prefix);
    if (row == nullptr) {
        return fmt::format("not held by {}", slug);
    }
    if (const std::string& holder = holders.slug(row->holder); holder != slug) {
        return fmt::format("held by {}", holder);
    }
    if (whole) {
        for (const HolderMap::Row& inside : holders.inside(prefix)) {
            if (const std::string& holder = holders.slug(inside.holder); holder != slug) {
                return fmt::format("{} in it is held by {}", to_string(inside.prefix), holder);
            }
        }
    }
    return {};
}

OwnedPolicy owned_part(const MailPolicy& policy, const HolderMap& holders, std::string_view slug,
                       const ProtectedSpace& protected_space) {
    OwnedPolicy owned;
    owned.policy.version = policy.version;
    owned.policy.provider_name = policy.provider_name;
    owned.policy.asns = policy.asns;
    owned.policy.abuse = policy.abuse;
    owned.policy.support = policy.support;
    owned.policy.published = policy.published;
    const auto refuse = [&](const Prefix& prefix, bool is_exemption, std::string why) {
        ++owned.refused_total;
        if (owned.refused.size() < kPolicyRefusalsShown) {
            owned.refused.push_back({prefix, is_exemption, std::move(why)});
        }
    };
    for (const PolicyRange& range : policy.ranges) {
        std::string why = ownership_refusal(range.prefix, holders, slug, protected_space, false);
        if (why.empty()) {
            owned.policy.ranges.push_back(range);
        } else {
            refuse(range.prefix, false, std::move(why));
        }
    }
    for (const PolicyExemption& exemption : policy.exemptions) {
        std::string why = ownership_refusal(exemption.prefix, holders, slug, protected_space, true);
        if (why.empty()) {
            owned.policy.exemptions.push_back(exemption);
        } else {
            refuse(exemption.prefix, true, std::move(why));
        }
    }
    return owned;
}

}  // namespace fairlist
