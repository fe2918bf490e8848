#include "listing/manager/policy_store.h"

#include "listing/store/policy_records.h"

#include <algorithm>
#include <utility>

namespace fairlist {

using store::Cursor;
using store::PolicyHeader;
using store::PolicyKey;
using store::Table;

namespace {

PolicyInForce load(const store::Txn& txn, PolicyKey key, PolicyHeader header,
                   bool with_exemptions) {
    PolicyInForce found;
    found.voice = key.voice;
    found.version = key.version;
    found.imported = header.imported;
    found.policy = std::move(header.policy);
    found.policy.ranges = store::policy_ranges(txn, key);
    if (with_exemptions) {
        found.policy.exemptions = store::policy_exemptions(txn, key);
    }
    found.provider = std::move(key.slug);
    return found;
}

}  // namespace

std::vector<PolicyInForce> policies_in_force(const store::Txn& txn, bool with_exemptions) {
    std::vector<PolicyInForce> all;
    Cursor cursor(txn, Table::Policies);
    for (bool good = cursor.first(); good; good = cursor.next()) {
        auto key = store::key_policy(cursor.key());
        auto header = store::decode_policy(cursor.value());
        if (key && header && header->in_force) {
            all.push_back(load(txn, std::move(*key), std::move(*header), with_exemptions));
        }
    }
    return all;
}

std::optional<PolicyInForce> policy_in_force(const store::Txn& txn, std::string_view provider,
                                             PolicyVoice voice) {
    if (provider.size() > 255) {
        return std::nullopt;
    }
    const std::string head = store::policy_key(provider, voice);
    Cursor cursor(txn, Table::Policies);
    for (bool good = cursor.seek_at_least(head); good && cursor.key().starts_with(head);
         good = cursor.next()) {
        auto key = store::key_policy(cursor.key());
        auto header = store::decode_policy(cursor.value());
        if (key && header && header->in_force) {
            return load(txn, std::move(*key), std::move(*header), true);
        }
    }
    return std::nullopt;
}

Time published(const PolicyInForce& policy) noexcept {
    return policy.policy.published.is_set() ? std::min(policy.policy.published, policy.imported)
                                            : policy.imported;
}

bool is_fresh(const PolicyInForce& policy, const PolicyRules& rules, Time now) noexcept {
    const Time since = published(policy);
    return now <= since || now.seconds - since.seconds < rules.fresh_seconds;
}

}  // namespace fairlist
