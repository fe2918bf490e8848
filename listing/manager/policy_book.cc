#include "listing/manager/policy_book.h"

#include "listing/manager/ground.h"
#include "listing/manager/policy_check.h"
#include "listing/manager/policy_conflicts.h"
#include "listing/manager/policy_edit.h"
#include "listing/manager/policy_grants.h"
#include "listing/manager/policy_import_run.h"
#include "listing/manager/policy_ownership.h"
#include "listing/manager/policy_store.h"
#include "listing/manager/policy_versions.h"
#include "listing/manager/provider_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <set>
#include <utility>

namespace fairlist {

namespace {

Result<void> check_exemption(const PolicyEdit& edit, std::string_view provider,
                             const PolicyExemption& exemption) {
    if (exemption.until.is_set() && exemption.until <= edit.now()) {
        return fail(Errc::OutOfRange,
                    fmt::format("until {}: has passed", to_string(exemption.until)));
    }
    if (exemption.reason.size() > kPolicyTextBytesMax ||
        exemption.customer.size() > kPolicyWordBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("reason of {} bytes, customer of {}: at most {} and {} are kept",
                                exemption.reason.size(), exemption.customer.size(),
                                kPolicyTextBytesMax, kPolicyWordBytesMax));
    }
    if (const auto why = edit.exemption_refusal(provider, exemption.prefix); !why.empty()) {
        return fail(Errc::Refused, fmt::format("{}: {}", to_string(exemption.prefix), why));
    }
    return {};
}

}  // namespace

PolicyBook::PolicyBook(store::Environment& environment, PolicyBookOptions options)
    : environment_(environment), options_(std::move(options)) {}

Result<PolicyImport> PolicyBook::import(const Actor& actor, std::string_view provider,
                                        PolicyVoice voice, const MailPolicy& policy, bool dry_run,
                                        bool force) {
    const MailPolicy sorted = in_order(policy);
    if (dry_run) {
        const store::ReadTxn txn(environment_);
        PolicyImportRun import(txn, options_, {actor, provider, voice}, sorted);
        auto result = import.look(force);
        if (result) {
            import.count(*result);
        }
        return result;
    }
    Result<PolicyImport> result = PolicyImport{};
    environment_.write([&](store::WriteTxn& txn) {
        PolicyImportRun import(txn, options_, {actor, provider, voice}, sorted);
        result = import.look(force);
        if (result) {
            import.write(txn, *result);
        }
    });
    return result;
}

Result<PolicyImport> PolicyBook::approve(const Actor& actor, std::string_view provider,
                                         PolicyVoice voice) {
    Result<PolicyImport> result = PolicyImport{};
    environment_.write([&](store::WriteTxn& txn) {
        const std::vector<StoredPolicy> versions = stored_policies(txn, provider, voice);
        const StoredPolicy* held = held_of(versions);
        if (held == nullptr || !find_provider(txn, provider)) {
            result =
                fail(Errc::NotFound,
                     fmt::format("provider \"{}\": no version of its policy waits for approval",
                                 provider.substr(0, 64)));
            return;
        }
        PolicyImport import;
        PolicyEdit edit(txn, options_, actor);
        const StoredPolicy* before = in_force_of(versions);
        const MailPolicy policy = load_policy(txn, *held);
        import.diff = diff(before != nullptr ? load_policy(txn, *before) : MailPolicy{}, policy);
        edit.put_in_force(*held, policy, versions, import);
        edit.note("approve", provider, voice, {{"version", fmt::format("{}", held->key.version)}});
        result = std::move(import);
    });
    return result;
}

Result<PolicyImport> PolicyBook::withdraw(const Actor& actor, std::string_view provider,
                                          PolicyVoice voice) {
    Result<PolicyImport> result = PolicyImport{};
    environment_.write([&](store::WriteTxn& txn) {
        const std::vector<StoredPolicy> versions = stored_policies(txn, provider, voice);
        const StoredPolicy* before = in_force_of(versions);
        if (before == nullptr) {
            result = fail(Errc::NotFound, fmt::format("provider \"{}\": it has no policy in force",
                                                      provider.substr(0, 64)));
            return;
        }
        PolicyImport import;
        PolicyEdit edit(txn, options_, actor);
        import.diff = diff(load_policy(txn, *before), MailPolicy{});
        import.version = before->key.version;
        retire_policies(txn, versions, Retire::All, edit.now());
        edit.renew(provider, voice, import);
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
            result = std::unexpected(no_such_provider(provider));
            return;
        }
        PolicyEdit edit(txn, options_, actor);
        result = check_exemption(edit, provider, exemption);
        if (!result || find_policy_grant(txn, provider, exemption.prefix) == exemption) {
            return;
        }
        put_policy_grant(txn, provider, exemption);
        PolicyImport import;
        edit.renew(provider, PolicyVoice::Provider, import);
        edit.note("exempt", provider, PolicyVoice::Provider,
                  {{"prefix", to_string(exemption.prefix)},
                   {"until", to_string(exemption.until)},
                   {"reason", exemption.reason}});
        move_ground(txn);
    });
    return result;
}

Result<void> PolicyBook::end_exemption(const Actor& actor, std::string_view provider,
                                       const Prefix& prefix) {
    Result<void> result;
    environment_.write([&](store::WriteTxn& txn) {
        result = {};
        if (!erase_policy_grant(txn, provider, prefix)) {
            result = fail(Errc::NotFound, fmt::format("{}: {} has granted no exemption of it",
                                                      to_string(prefix), provider.substr(0, 64)));
            return;
        }
        PolicyEdit edit(txn, options_, actor);
        PolicyImport import;
        edit.renew(provider, PolicyVoice::Provider, import);
        edit.note("unexempt", provider, PolicyVoice::Provider, {{"prefix", to_string(prefix)}});
        move_ground(txn);
    });
    return result;
}

std::vector<PolicyExemption> PolicyBook::granted(std::string_view provider,
                                                 std::optional<Prefix> after, std::size_t limit) {
    return policy_grants(store::ReadTxn(environment_), provider, options_.clock(), after, limit);
}

std::optional<MailPolicy> PolicyBook::in_force(std::string_view provider, PolicyVoice voice) {
    auto found = policy_in_force(store::ReadTxn(environment_), provider, voice);
    return found ? std::optional(std::move(found->policy)) : std::nullopt;
}

Result<MailPolicy> PolicyBook::version(std::string_view provider, PolicyVoice voice,
                                       std::uint64_t number) {
    const store::ReadTxn txn(environment_);
    for (const StoredPolicy& stored : stored_policies(txn, provider, voice)) {
        if (stored.key.version == number) {
            return load_policy(txn, stored);
        }
    }
    return fail(Errc::NotFound, fmt::format("provider \"{}\": no version {} of its policy is kept",
                                            provider.substr(0, 64), number));
}

std::vector<PolicyVersion> PolicyBook::versions(std::string_view provider) {
    std::vector<PolicyVersion> found;
    const store::ReadTxn txn(environment_);
    for (const PolicyVoice voice : {PolicyVoice::Provider, PolicyVoice::Operator}) {
        for (const StoredPolicy& stored : stored_policies(txn, provider, voice)) {
            const store::PolicyHeader& header = stored.header;
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

PolicyConflicts PolicyBook::conflicts(std::string_view provider, Time from, std::size_t limit) {
    const store::ReadTxn txn(environment_);
    const auto policy = policy_in_force(txn, provider, PolicyVoice::Provider);
    if (!policy) {
        return {};
    }
    const OwnedPolicy owned =
        owned_part(policy->policy, holder_map(txn), provider, options_.protected_space);
    return find_conflicts(txn, owned.policy.ranges, from, limit);
}

std::uint64_t PolicyBook::refresh(const Actor& actor) {
    std::uint64_t changed = 0;
    environment_.write([&](store::WriteTxn& txn) {
        changed = 0;
        PolicyEdit edit(txn, options_, actor);
        const auto kept = policies_kept(txn);
        std::set<std::pair<std::string, PolicyVoice>> all(kept.begin(), kept.end());
        for (const std::string& slug : policy_grantors(txn)) {
            const bool exists = find_provider(txn, slug).has_value();
            drop_policy_grants(txn, slug, exists ? std::optional(edit.now()) : std::nullopt);
            all.emplace(slug, PolicyVoice::Provider);
        }
        for (const auto& [slug, voice] : all) {
            PolicyImport import;
            if (!find_provider(txn, slug)) {
                retire_policies(txn, stored_policies(txn, slug, voice), Retire::All, edit.now());
            }
            edit.renew(slug, voice, import);
            if (import.entries_changed != 0) {
                ++changed;
                edit.note("refresh", slug, voice,
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
