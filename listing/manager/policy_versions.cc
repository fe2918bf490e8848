#include "listing/manager/policy_versions.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fairlist {

using store::Cursor;
using store::Table;

namespace {

constexpr std::size_t kSlugBytesMax = 255;  // of policy_key()

}  // namespace

std::vector<StoredPolicy> stored_policies(const store::Txn& txn, std::string_view slug,
                                          PolicyVoice voice) {
    std::vector<StoredPolicy> found;
    if (slug.size() > kSlugBytesMax) {
        return found;
    }
    const std::string head = store::policy_key(slug, voice);
    Cursor cursor(txn, Table::Policies);
    for (bool good = cursor.seek_at_least(head); good && cursor.key().starts_with(head);
         good = cursor.next()) {
        auto key = store::key_policy(cursor.key());
        auto header = store::decode_policy(cursor.value());
        if (key && header) {
            found.push_back({std::move(*key), std::move(*header)});
        }
    }
    return found;
}

const StoredPolicy* in_force_of(const std::vector<StoredPolicy>& versions) noexcept {
    const auto found =
        std::ranges::find_if(versions, [](const StoredPolicy& s) { return s.header.in_force; });
    return found == versions.end() ? nullptr : &*found;
}

const StoredPolicy* held_of(const std::vector<StoredPolicy>& versions) noexcept {
    return versions.empty() || !versions.back().header.held ? nullptr : &versions.back();
}

MailPolicy load_policy(const store::Txn& txn, const StoredPolicy& stored) {
    MailPolicy policy = stored.header.policy;
    policy.ranges = store::policy_ranges(txn, stored.key);
    policy.exemptions = store::policy_exemptions(txn, stored.key);
    return policy;
}

void save_policy(store::WriteTxn& txn, const StoredPolicy& stored) {
    txn.put(Table::Policies, store::policy_key(stored.key), store::encode_policy(stored.header));
}

std::vector<std::pair<std::string, PolicyVoice>> policies_kept(const store::Txn& txn) {
    std::vector<std::pair<std::string, PolicyVoice>> found;
    Cursor cursor(txn, Table::Policies);
    for (bool good = cursor.first(); good; good = cursor.next()) {
        auto key = store::key_policy(cursor.key());
        const auto header = store::decode_policy(cursor.value());
        if (key && header && header->in_force) {
            found.emplace_back(std::move(key->slug), key->voice);
        }
    }
    return found;
}

void retire_policies(store::WriteTxn& txn, const std::vector<StoredPolicy>& versions, Retire what,
                     Time now) {
    for (std::size_t i = 0; i < versions.size(); ++i) {
        StoredPolicy stored = versions[i];
        const std::size_t place = versions.size() - i;  // 1: the newest
        const bool stays_in_force = stored.header.in_force && what == Retire::Held;
        const bool is_old =
            place > kPolicyVersionsKept && now > stored.header.imported &&
            now.seconds - stored.header.imported.seconds > kPolicyVersionSecondsKept;
        if (!stays_in_force && (is_old || place > kPolicyVersionsMax)) {
            store::erase_policy_parts(txn, stored.key);
            txn.erase(Table::Policies, store::policy_key(stored.key));
        } else if (stored.header.held || (stored.header.in_force && !stays_in_force)) {
            stored.header.in_force = stays_in_force;
            stored.header.held = false;
            save_policy(txn, stored);
        }
    }
}

}  // namespace fairlist
