#include "listing/manager/policy_book.h"

#include "listing/manager/audit_note.h"
#include "listing/manager/ground.h"
#include "listing/manager/list_target.h"
#include "listing/manager/policy_conflicts.h"
#include "listing/manager/policy_lists.h"
#include "listing/manager/policy_ownership.h"
#include "listing/manager/policy_store.h"
#include "listing/manager/provider_store.h"
#include "listing/store/policy_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <utility>

namespace fairlist {

using store::Cursor;
using store::PolicyHeader;
using store::PolicyKey;
using store::Table;

namespace {

// Older versions go, but not before their time.
constexpr std::size_t kVersionsKept = 20;
constexpr std::uint32_t kVersionSecondsKept = 400U * 86400;
constexpr std::size_t kVersionsMax = 1000;
constexpr std::uint32_t kFutureSecondsMax = 86400;
constexpr std::size_t kGrantedMax = 1000000;

struct Stored {
    PolicyKey key;
    PolicyHeader header;
};

Error no_provider(std::string_view slug) {
    return {Errc::NotFound, fmt::format("provider \"{}\": there is none; \"fairlist provider add\" "
                                        "makes one",
                                        slug.substr(0, 64))};
}

// Oldest first.
std::vector<Stored> stored_versions(const store::Txn& txn, std::string_view slug,
                                    PolicyVoice voice) {
    std::vector<Stored> found;
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

std::vector<PolicyExemption> all_granted(const store::Txn& txn, std::string_view slug, Time now) {
    std::vector<PolicyExemption> found;
    const std::string head = store::granted_key(slug);
    Cursor cursor(txn, Table::PolicyParts);
    for (bool good = cursor.seek_at_least(head);
         good && cursor.key().starts_with(head) && found.size() < kGrantedMax;
         good = cursor.next()) {
        auto exemption = store::decode_granted(cursor.value());
        if (exemption && (!exemption->until.is_set() || now < exemption->until)) {
            found.push_back(std::move(*exemption));
        }
    }
    return found;
}

MailPolicy load(const store::Txn& txn, const Stored& stored) {
    MailPolicy policy = stored.header.policy;
    policy.ranges = store::policy_ranges(txn, stored.key);
    policy.exemptions = store::policy_exemptions(txn, stored.key);
    return policy;
}

// Why a version that differs so much waits for an operator; empty: it need not.
std::string guard(const PolicyRules& rules, std::uint64_t before, std::uint64_t after) {
    if (before == 0) {
        return {};
    }
    if (after < before && (before - after) * 100 > before * rules.shrink_percent_max) {
        return fmt::format("{} ranges and exemptions, {} before: it loses more than {} %", after,
                           before, rules.shrink_percent_max);
    }
    if (after > before && (after - before) * 100 > before * rules.grow_percent_max) {
        return fmt::format("{} ranges and exemptions, {} before: it grows by more than {} %", after,
                           before, rules.grow_percent_max);
    }
    return {};
}

// One change of a provider's policy within a transaction; with a plain Txn it only looks.
class PolicyEdit {
  public:
    PolicyEdit(const store::Txn& txn, store::WriteTxn* write, const PolicyBookOptions& options,
               const Actor& actor)
        : txn_(txn),
          write_(write),
          options_(options),
          actor_(actor),
          now_(options.clock()),
          holders_(holder_map(txn)) {}

    [[nodiscard]] Time now() const noexcept { return now_; }
    [[nodiscard]] const HolderMap& holders() const noexcept { return holders_; }

    // What may be said of the policy goes into the lists, and into `import`.
    void put_lists(std::string_view slug, PolicyVoice voice, const MailPolicy& policy, bool fresh,
                   PolicyImport& import) {
        OwnedPolicy owned = owned_part(policy, holders_, slug, options_.protected_space);
        if (owned.policy.provider_name.empty()) {
            const auto provider = find_provider(txn_, slug);
            owned.policy.provider_name =
                provider && !provider->name.empty() ? provider->name : std::string(slug);
        }
        std::vector<PolicyExemption> granted;
        if (voice == PolicyVoice::Provider) {
            granted = all_granted(txn_, slug, now_);
            std::erase_if(granted, [&](const PolicyExemption& exemption) {
                return !ownership_refusal(exemption.prefix, holders_, slug,
                                          options_.protected_space, true)
                            .empty();
            });
        }
        const PolicyStand stand{slug, voice, owned.policy, granted, fresh};
        const PolicyLists lists =
            write_ != nullptr ? put_policy_lists(*write_, actor_, now_, options_, holders_, stand)
                              : count_policy_lists(options_, holders_, stand);
        import.listed = lists.listed;
        import.exemptions = lists.exemptions;
        import.smarthosts = lists.smarthosts;
        import.entries_changed = lists.changed;
        import.left_out = lists.left_out;
        import.refused = std::move(owned.refused);
        import.refused_total = owned.refused_total;
    }

    void note(std::string_view action, std::string_view slug, PolicyVoice voice,
              std::vector<std::pair<std::string, std::string>> more) {
        AuditNote note{fmt::format("policy.{}", action),
                       {{"provider", std::string(slug)}, {"voice", std::string(to_string(voice))}}};
        note.details.insert(note.details.end(), more.begin(), more.end());
        note_audit(*write_, actor_, now_, std::move(note));
    }

    // Takes the version that is in force out of it, and versions that nobody asks for any more.
    void retire(const std::vector<Stored>& versions) {
        for (std::size_t i = 0; i < versions.size(); ++i) {
            Stored stored = versions[i];
            const bool is_old = versions.size() - i > kVersionsKept &&
                                now_.seconds - stored.header.imported.seconds > kVersionSecondsKept;
            if (is_old || versions.size() - i > kVersionsMax) {
                store::erase_policy_parts(*write_, stored.key);
                write_->erase(Table::Policies, store::policy_key(stored.key));
            } else if (stored.header.in_force || stored.header.held) {
                stored.header.in_force = false;
                stored.header.held = false;
                save(stored);
            }
        }
    }

    void save(const Stored& stored) {
        write_->put(Table::Policies, store::policy_key(stored.key),
                    store::encode_policy(stored.header));
    }

  private:
    const store::Txn& txn_;
    store::WriteTxn* write_;
    const PolicyBookOptions& options_;
    const Actor& actor_;
    Time now_;
    HolderMap holders_;
};

const Stored* in_force_of(const std::vector<Stored>& versions) {
    const auto found =
        std::ranges::find_if(versions, [](const Stored& s) { return s.header.in_force; });
    return found == versions.end() ? nullptr : &*found;
}

Result<void> check_policy(const MailPolicy& policy, const Stored* before, Time now) {
    if (policy.ranges.size() > kPolicyRangesMax ||
        policy.exemptions.size() > kPolicyExemptionsMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("{} ranges and {} exemptions: the limits are {} and {}",
                                policy.ranges.size(), policy.exemptions.size(), kPolicyRangesMax,
                                kPolicyExemptionsMax));
    }
    if (policy.published.seconds > now.seconds &&
        policy.published.seconds - now.seconds > kFutureSecondsMax) {
        return fail(Errc::OutOfRange, fmt::format("published {}: that is in the future",
                                                  to_string(policy.published)));
    }
    if (before != nullptr && policy.published.is_set() &&
        policy.published < before->header.policy.published) {
        return fail(Errc::Conflict, fmt::format("published {}: the one in force is newer, of {}",
                                                to_string(policy.published),
                                                to_string(before->header.policy.published)));
    }
    return {};
}

// Steps of an import once it is checked.
void apply(PolicyEdit& edit, const PolicyBookOptions& options, const PolicyKey& key,
           const std::string& actor, const std::vector<Stored>& versions, const MailPolicy& policy,
           PolicyImport& import, store::WriteTxn& txn) {
    Stored stored{key, {}};
    stored.header.imported = edit.now();
    stored.header.ranges = policy.ranges.size();
    stored.header.exemptions = policy.exemptions.size();
    stored.header.actor = actor;
    stored.header.policy = policy;
    stored.header.policy.ranges.clear();
    stored.header.policy.exemptions.clear();
    stored.header.held = import.held;
    stored.header.held_why = import.held_why;
    import.version = key.version;
    if (!import.held) {
        PolicyInForce fresh;
        fresh.imported = edit.now();
        fresh.policy.published = policy.published;
        const bool is_fresh_now = is_fresh(fresh, options.rules, edit.now());
        edit.retire(versions);
        edit.put_lists(key.slug, key.voice, policy, is_fresh_now, import);
        stored.header.in_force = true;
        stored.header.lists = is_fresh_now;
        stored.header.refused = import.refused_total;
        import.applied = true;
        move_ground(txn);
    }
    store::put_policy_parts(txn, key, policy);
    edit.save(stored);
    edit.note(import.held ? "hold" : "import", key.slug, key.voice,
              {{"version", fmt::format("{}", key.version)},
               {"published", to_string(policy.published)},
               {"ranges", fmt::format("{}", policy.ranges.size())},
               {"exemptions", fmt::format("{}", policy.exemptions.size())},
               {"refused", fmt::format("{}", import.refused_total)},
               {"held", import.held_why}});
}

MailPolicy in_order(const MailPolicy& policy) {
    MailPolicy sorted = policy;
    std::ranges::sort(sorted.ranges, {}, &PolicyRange::prefix);
    std::ranges::sort(sorted.exemptions, {}, &PolicyExemption::prefix);
    return sorted;
}

// After an exemption came or went.
void renew_lists(PolicyEdit& edit, store::WriteTxn& txn, const PolicyBookOptions& options,
                 std::string_view provider) {
    const auto policy = policy_in_force(txn, provider, PolicyVoice::Provider);
    PolicyImport import;
    edit.put_lists(provider, PolicyVoice::Provider, policy ? policy->policy : MailPolicy{},
                   !policy || is_fresh(*policy, options.rules, edit.now()), import);
    move_ground(txn);
}

}  // namespace

PolicyBook::PolicyBook(store::Environment& environment, PolicyBookOptions options)
    : environment_(environment), options_(std::move(options)) {}

Result<PolicyImport> PolicyBook::import(const Actor& actor, std::string_view provider,
                                        PolicyVoice voice, const MailPolicy& policy, bool dry_run,
                                        bool force) {
    const MailPolicy sorted = in_order(policy);
    Result<PolicyImport> result = PolicyImport{};
    const auto run = [&](const store::Txn& txn, store::WriteTxn* write) {
        result = PolicyImport{};
        if (!find_provider(txn, provider)) {
            result = std::unexpected(no_provider(provider));
            return;
        }
        const std::vector<Stored> versions = stored_versions(txn, provider, voice);
        const Stored* before = in_force_of(versions);
        PolicyEdit edit(txn, write, options_, actor);
        if (const auto good = check_policy(sorted, before, edit.now()); !good) {
            result = std::unexpected(good.error());
            return;
        }
        PolicyImport& import = *result;
        import.diff = diff(before != nullptr ? load(txn, *before) : MailPolicy{}, sorted);
        const bool is_same = before != nullptr && import.diff.empty() &&
                             before->header.policy.published == sorted.published;
        if (before != nullptr && !force) {
            import.held_why =
                guard(options_.rules, before->header.ranges + before->header.exemptions,
                      sorted.ranges.size() + sorted.exemptions.size());
            import.held = !import.held_why.empty();
        }
        if (write == nullptr || is_same) {
            PolicyEdit looking(txn, nullptr, options_, actor);
            looking.put_lists(provider, voice, sorted, true, import);
            return;
        }
        const std::uint64_t last = versions.empty() ? 0 : versions.back().key.version;
        apply(edit, options_, {std::string(provider), voice, last + 1}, actor.name, versions,
              sorted, import, *write);
    };
    if (dry_run) {
        run(store::ReadTxn(environment_), nullptr);
    } else {
        environment_.write([&](store::WriteTxn& txn) { run(txn, &txn); });
    }
    return result;
}

Result<PolicyImport> PolicyBook::approve(const Actor& actor, std::string_view provider,
                                         PolicyVoice voice) {
    Result<PolicyImport> result = PolicyImport{};
    environment_.write([&](store::WriteTxn& txn) {
        std::vector<Stored> versions = stored_versions(txn, provider, voice);
        if (versions.empty() || !versions.back().header.held) {
            result =
                fail(Errc::NotFound,
                     fmt::format("provider \"{}\": no version of its policy waits for approval",
                                 provider.substr(0, 64)));
            return;
        }
        PolicyImport import;
        PolicyEdit edit(txn, &txn, options_, actor);
        Stored held = versions.back();
        const Stored* before = in_force_of(versions);
        const MailPolicy policy = load(txn, held);
        import.version = held.key.version;
        import.diff = diff(before != nullptr ? load(txn, *before) : MailPolicy{}, policy);
        edit.retire(versions);
        edit.put_lists(provider, voice, policy, true, import);
        held.header.held = false;
        held.header.in_force = true;
        held.header.lists = true;
        held.header.refused = import.refused_total;
        edit.save(held);
        edit.note("approve", provider, voice, {{"version", fmt::format("{}", held.key.version)}});
        move_ground(txn);
        import.applied = true;
        result = std::move(import);
    });
    return result;
}

Result<PolicyImport> PolicyBook::withdraw(const Actor& actor, std::string_view provider,
                                          PolicyVoice voice) {
    Result<PolicyImport> result = PolicyImport{};
    environment_.write([&](store::WriteTxn& txn) {
        const std::vector<Stored> versions = stored_versions(txn, provider, voice);
        const Stored* before = in_force_of(versions);
        if (before == nullptr) {
            result = fail(Errc::NotFound, fmt::format("provider \"{}\": it has no policy in force",
                                                      provider.substr(0, 64)));
            return;
        }
        PolicyImport import;
        PolicyEdit edit(txn, &txn, options_, actor);
        import.diff = diff(load(txn, *before), MailPolicy{});
        import.version = before->key.version;
        edit.retire(versions);
        edit.put_lists(provider, voice, MailPolicy{}, true, import);
        edit.note("withdraw", provider, voice,
                  {{"version", fmt::format("{}", before->key.version)}});
        move_ground(txn);
        import.applied = true;
        result = std::move(import);
    });
    return result;
}

Result<void> PolicyBook::grant_exemption(const Actor& actor, std::string_view provider,
                                         const PolicyExemption& exemption) {
    Result<void> result;
    environment_.write([&](store::WriteTxn& txn) {
        result = {};
        if (!find_provider(txn, provider)) {
            result = std::unexpected(no_provider(provider));
            return;
        }
        PolicyEdit edit(txn, &txn, options_, actor);
        std::string why = ownership_refusal(exemption.prefix, edit.holders(), provider,
                                            options_.protected_space, true);
        if (exemption.until.is_set() && exemption.until <= edit.now()) {
            result = fail(Errc::OutOfRange,
                          fmt::format("until {}: has passed", to_string(exemption.until)));
        } else if (exemption.reason.size() > kPolicyTextBytesMax) {
            result =
                fail(Errc::OutOfRange, fmt::format("reason of {} bytes: at most {} are kept",
                                                   exemption.reason.size(), kPolicyTextBytesMax));
        } else if (!why.empty()) {
            result = fail(Errc::Refused, fmt::format("{}: {}", to_string(exemption.prefix), why));
        }
        if (!result) {
            return;
        }
        txn.put(Table::PolicyParts, store::granted_key(provider, exemption.prefix),
                store::encode_granted(exemption));
        renew_lists(edit, txn, options_, provider);
        edit.note("exempt", provider, PolicyVoice::Provider,
                  {{"prefix", to_string(exemption.prefix)},
                   {"until", to_string(exemption.until)},
                   {"reason", exemption.reason}});
    });
    return result;
}

Result<void> PolicyBook::end_exemption(const Actor& actor, std::string_view provider,
                                       const Prefix& prefix) {
    Result<void> result;
    environment_.write([&](store::WriteTxn& txn) {
        result = {};
        if (provider.empty() || provider.size() > kProviderTextBytesMax ||
            !txn.erase(Table::PolicyParts, store::granted_key(provider, prefix))) {
            result = fail(Errc::NotFound, fmt::format("{}: {} has granted no exemption of it",
                                                      to_string(prefix), provider.substr(0, 64)));
            return;
        }
        PolicyEdit edit(txn, &txn, options_, actor);
        renew_lists(edit, txn, options_, provider);
        edit.note("unexempt", provider, PolicyVoice::Provider, {{"prefix", to_string(prefix)}});
    });
    return result;
}

std::vector<PolicyExemption> PolicyBook::granted(std::string_view provider,
                                                 std::optional<Prefix> after, std::size_t limit) {
    std::vector<PolicyExemption> all =
        all_granted(store::ReadTxn(environment_), provider, options_.clock());
    std::erase_if(
        all, [&](const PolicyExemption& exemption) { return after && exemption.prefix <= *after; });
    if (all.size() > limit) {
        all.resize(limit);
    }
    return all;
}

std::optional<MailPolicy> PolicyBook::in_force(std::string_view provider, PolicyVoice voice) {
    auto found = policy_in_force(store::ReadTxn(environment_), provider, voice);
    return found ? std::optional(std::move(found->policy)) : std::nullopt;
}

Result<MailPolicy> PolicyBook::version(std::string_view provider, PolicyVoice voice,
                                       std::uint64_t number) {
    const store::ReadTxn txn(environment_);
    for (const Stored& stored : stored_versions(txn, provider, voice)) {
        if (stored.key.version == number) {
            return load(txn, stored);
        }
    }
    return fail(Errc::NotFound, fmt::format("provider \"{}\": no version {} of its policy is kept",
                                            provider.substr(0, 64), number));
}

std::vector<PolicyVersion> PolicyBook::versions(std::string_view provider) {
    std::vector<PolicyVersion> found;
    const store::ReadTxn txn(environment_);
    for (const PolicyVoice voice : {PolicyVoice::Provider, PolicyVoice::Operator}) {
        for (const Stored& stored : stored_versions(txn, provider, voice)) {
            const PolicyHeader& header = stored.header;
            found.push_back({stored.key.version, voice, header.imported, header.policy.published,
                             header.actor, header.ranges, header.exemptions, header.refused,
                             header.in_force, header.held});
        }
    }
    std::ranges::sort(found, [](const PolicyVersion& a, const PolicyVersion& b) {
        return std::pair(a.imported, a.version) > std::pair(b.imported, b.version);
    });
    return found;
}

std::vector<PolicyConflict> PolicyBook::conflicts(std::string_view provider, Time from,
                                                  std::size_t limit) {
    const store::ReadTxn txn(environment_);
    std::vector<PolicyConflict> found;
    if (const auto policy = policy_in_force(txn, provider, PolicyVoice::Provider)) {
        const HolderMap holders = holder_map(txn);
        const OwnedPolicy owned =
            owned_part(policy->policy, holders, provider, options_.protected_space);
        found = find_conflicts(txn, owned.policy.ranges, from, limit);
    }
    return found;
}

std::uint64_t PolicyBook::refresh(const Actor& actor) {
    std::uint64_t changed = 0;
    environment_.write([&](store::WriteTxn& txn) {
        changed = 0;
        PolicyEdit edit(txn, &txn, options_, actor);
        for (const PolicyInForce& policy : policies_in_force(txn, true)) {
            PolicyImport import;
            const bool exists = find_provider(txn, policy.provider).has_value();
            edit.put_lists(policy.provider, policy.voice, exists ? policy.policy : MailPolicy{},
                           is_fresh(policy, options_.rules, edit.now()), import);
            if (!exists) {
                edit.retire(stored_versions(txn, policy.provider, policy.voice));
            }
            if (import.entries_changed != 0) {
                ++changed;
                edit.note("refresh", policy.provider, policy.voice,
                          {{"entries", fmt::format("{}", import.entries_changed)}});
            }
        }
        if (changed != 0) {
            move_ground(txn);
        }
    });
    return changed;
}

}  // namespace fairlist
