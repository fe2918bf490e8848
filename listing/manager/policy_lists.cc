#include "listing/manager/policy_lists.h"

#include "listing/index/verdict_table.h"
#include "listing/manager/bulk_import.h"
#include "listing/manager/change_log.h"
#include "listing/manager/list_target.h"
#include "listing/rules/policy_effect.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace fairlist {

namespace {

struct Exempt {
    std::string reason;
    Time until;  // not set: stays
};

struct Wanted {
    ImportSet entries;
    std::map<Prefix, Exempt> exempt;  // in the policy list
    ImportSet smarthosts;
    PolicyLists lists;
};

// The code of a range that is listed.
ReturnCode code_of(const PolicyRules& rules, const PolicyRange& range, PolicyVoice voice) {
    if (range.use == SpaceUse::Quarantine) {
        return rules.quarantine_code;
    }
    return voice == PolicyVoice::Provider ? rules.provider_code : rules.operator_code;
}

void add_left_out(Wanted& wanted, const PolicyStand& stand, const rules::Effect& effect) {
    for (const std::size_t range : effect.left_out) {
        wanted.lists.left_out.push_back(
            fmt::format("{}: more than {} pieces around what others hold",
                        to_string(stand.policy.ranges[range].prefix), rules::kPiecesMax));
    }
}

void add_listed(Wanted& wanted, const PolicyRules& rules, const HolderMap& holders,
                const PolicyStand& stand) {
    const auto effect =
        rules::effect_of(stand.policy.ranges, holders, stand.slug, rules::is_listed_by_policy);
    for (const rules::EffectEntry& entry : effect.entries) {
        const PolicyRange& range = stand.policy.ranges[entry.range];
        if (entry.exempt) {
            wanted.exempt[entry.prefix] = {
                rules::allowed_reason(stand.policy.provider_name, stand.voice), {}};
            continue;
        }
        ++wanted.lists.listed;
        wanted.entries.add(entry.prefix, false, code_of(rules, range, stand.voice), 0,
                           rules::policy_reason(range, stand.policy.provider_name, stand.voice),
                           {});
    }
    add_left_out(wanted, stand, effect);
}

void add_smarthosts(Wanted& wanted, const HolderMap& holders, const PolicyStand& stand) {
    const auto effect =
        rules::effect_of(stand.policy.ranges, holders, stand.slug, rules::is_smarthost);
    for (const rules::EffectEntry& entry : effect.entries) {
        wanted.lists.smarthosts += entry.exempt ? 0 : 1;
        wanted.smarthosts.add(
            entry.prefix, entry.exempt, {}, 0,
            entry.exempt
                ? std::string()
                : rules::smarthost_reason(stand.policy.ranges[entry.range],
                                          stand.policy.provider_name, stand.domain, stand.voice),
            {});
    }
    add_left_out(wanted, stand, effect);
}

// Of several exemptions of one prefix the one that lasts longest counts, so that none ends because
// another one does.
void add_exemptions(Wanted& wanted, const PolicyStand& stand, Time now) {
    const auto add = [&](const PolicyExemption& exemption) {
        if (exemption.until.is_set() && exemption.until <= now) {
            return;
        }
        const auto [at, is_new] = wanted.exempt.try_emplace(exemption.prefix);
        Exempt& stands = at->second;
        if (is_new || (stands.until.is_set() &&
                       (!exemption.until.is_set() || stands.until < exemption.until))) {
            stands = {rules::exemption_reason(exemption), exemption.until};
        }
        wanted.lists.exemptions += is_new ? 1 : 0;
    };
    std::ranges::for_each(stand.granted, add);
    std::ranges::for_each(stand.policy.exemptions, add);
}

Wanted wanted_of(const PolicyRules& rules, const HolderMap& holders, const PolicyStand& stand,
                 Time now) {
    Wanted wanted;
    if (!rules.list.empty()) {
        if (stand.is_fresh) {
            add_listed(wanted, rules, holders, stand);
        }
        add_exemptions(wanted, stand, now);
        for (const auto& [prefix, exempt] : wanted.exempt) {
            wanted.entries.add(prefix, true, {}, 0, exempt.reason, exempt.until);
        }
    }
    if (!rules.allow_list.empty() && stand.is_fresh) {
        add_smarthosts(wanted, holders, stand);
    }
    return wanted;
}

// The list's entries of this source become the set.
std::uint64_t put_set(store::WriteTxn& txn, const Actor& actor, Time now,
                      const PolicyBookOptions& options, const std::string& list,
                      const std::string& source, ImportSet& set) {
    if (list.empty()) {
        return 0;
    }
    const auto target = find_list_target(txn, options.lists, list);
    if (!target) {
        return 0;
    }
    set.impl().finish();
    ChangeLog log;
    BulkImport import(txn, set.impl(), target->id, store::intern_source(txn, source), now);
    import.run(log, {});
    const std::uint64_t changed = log.added() + log.changed() + log.removed();
    log.commit(txn, actor, now, options.journal);
    return changed;
}

}  // namespace

std::string policy_source(std::string_view slug, PolicyVoice voice) {
    return fmt::format("{}:{}", voice == PolicyVoice::Provider ? "policy" : "policy-ours", slug);
}

PolicyLists put_policy_lists(store::WriteTxn& txn, const Actor& actor, Time now,
                             const PolicyBookOptions& options, const HolderMap& holders,
                             const PolicyStand& stand) {
    Wanted wanted = wanted_of(options.rules, holders, stand, now);
    const std::string source = policy_source(stand.slug, stand.voice);
    wanted.lists.changed =
        put_set(txn, actor, now, options, options.rules.list, source, wanted.entries) +
        put_set(txn, actor, now, options, options.rules.allow_list, source, wanted.smarthosts);
    if (wanted.lists.changed != 0) {
        index::collect_verdicts(txn);
    }
    return wanted.lists;
}

PolicyLists count_policy_lists(Time now, const PolicyBookOptions& options, const HolderMap& holders,
                               const PolicyStand& stand) {
    return wanted_of(options.rules, holders, stand, now).lists;
}

}  // namespace fairlist
