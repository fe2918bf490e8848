#include "listing/manager/policy_edit.h"

#include "listing/manager/audit_note.h"
#include "listing/manager/ground.h"
#include "listing/manager/policy_grants.h"
#include "listing/manager/policy_lists.h"
#include "listing/manager/policy_ownership.h"
#include "listing/manager/policy_store.h"
#include "listing/manager/provider_store.h"

#include <fmt/format.h>

#include <utility>

namespace fairlist {

PolicyEdit::PolicyEdit(const store::Txn& txn, const PolicyBookOptions& options, const Actor& actor)
    : txn_(txn),
      options_(options),
      actor_(actor),
      now_(options.clock()),
      holders_(holder_map(txn)) {}

PolicyEdit::PolicyEdit(store::WriteTxn& txn, const PolicyBookOptions& options, const Actor& actor)
    : PolicyEdit(static_cast<const store::Txn&>(txn), options, actor) {
    write_ = &txn;
}

std::string PolicyEdit::exemption_refusal(std::string_view slug, const Prefix& prefix) const {
    return ownership_refusal(prefix, holders_, slug, options_.protected_space, true);
}

bool PolicyEdit::is_fresh_now(Time published) const noexcept {
    PolicyInForce policy;
    policy.imported = now_;
    policy.policy.published = published;
    return is_fresh(policy, options_.rules, now_);
}

void PolicyEdit::put_lists(const store::PolicyKey& key, const MailPolicy& policy, bool fresh,
                           PolicyImport& import) {
    OwnedPolicy owned = owned_part(policy, holders_, key.slug, options_.protected_space);
    const auto provider = find_provider(txn_, key.slug);
    if (owned.policy.provider_name.empty()) {
        owned.policy.provider_name =
            provider && !provider->name.empty() ? provider->name : key.slug;
    }
    std::vector<PolicyExemption> granted;
    if (key.voice == PolicyVoice::Provider) {
        granted = policy_grants(txn_, key.slug, now_);
        std::erase_if(granted, [&](const PolicyExemption& exemption) {
            return !exemption_refusal(key.slug, exemption.prefix).empty();
        });
    }
    const std::string domain =
        provider && !provider->domains.empty() ? provider->domains.front().text() : std::string();
    const PolicyStand stand{key.slug, key.voice, owned.policy, granted, fresh, domain};
    const PolicyLists lists =
        write_ != nullptr ? put_policy_lists(*write_, actor_, now_, options_, holders_, stand)
                          : count_policy_lists(now_, options_, holders_, stand);
    import.listed = lists.listed;
    import.exemptions = lists.exemptions;
    import.smarthosts = lists.smarthosts;
    import.entries_changed = lists.changed;
    import.left_out = lists.left_out;
    import.refused = std::move(owned.refused);
    import.refused_total = owned.refused_total;
}

void PolicyEdit::put_in_force(const StoredPolicy& stored, const MailPolicy& policy,
                              const std::vector<StoredPolicy>& versions, PolicyImport& import) {
    StoredPolicy now = stored;
    const bool fresh = is_fresh_now(policy.published);
    retire_policies(*write_, versions, Retire::All, now_);
    put_lists(now.key, policy, fresh, import);
    now.header.held = false;
    now.header.in_force = true;
    now.header.lists = import.listed + import.smarthosts != 0;
    now.header.refused = import.refused_total;
    save_policy(*write_, now);
    move_ground(*write_);
    import.version = now.key.version;
    import.applied = true;
}

void PolicyEdit::renew(std::string_view slug, PolicyVoice voice, PolicyImport& import) {
    const auto policy = policy_in_force(txn_, slug, voice);
    const store::PolicyKey key{std::string(slug), voice, policy ? policy->version : 0};
    put_lists(key, policy ? policy->policy : MailPolicy{},
              policy && is_fresh(*policy, options_.rules, now_), import);
    if (!policy) {
        return;
    }
    const bool lists = import.listed + import.smarthosts != 0;
    for (StoredPolicy& stored : stored_policies(txn_, slug, voice)) {
        if (stored.header.in_force &&
            (stored.header.lists != lists || stored.header.refused != import.refused_total)) {
            stored.header.lists = lists;
            stored.header.refused = import.refused_total;
            save_policy(*write_, stored);
        }
    }
}

void PolicyEdit::note(std::string_view action, std::string_view slug, PolicyVoice voice,
                      const Details& more) {
    AuditNote note{fmt::format("policy.{}", action),
                   {{"provider", std::string(slug)}, {"voice", std::string(to_string(voice))}}};
    note.details.insert(note.details.end(), more.begin(), more.end());
    note_audit(*write_, actor_, now_, std::move(note));
}

}  // namespace fairlist
