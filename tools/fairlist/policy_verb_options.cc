#include "tools/fairlist/policy_verb_options.h"

#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/policy_verbs.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace fairlist::cli {

namespace {

constexpr const char* kInputHelp = "A path, a URL, or - for standard input; JSON or CSV";
constexpr const char* kProviderHelp = "The provider, as \"fairlist provider list\" names it";
constexpr const char* kOursHelp = "The policy that we made where the provider is silent";
constexpr const char* kPrivateHelp = "Fetch also from loopback and private addresses";

void declare_check(CLI::App& policy, Run& run) {
    const auto [verb, o] = declare_with<PolicyCheckOptions>(
        policy, run, "check", "Name every fault of a policy; needs no configuration",
        run_policy_check);
    verb->add_option("FILE", o->input, kInputHelp)->required();
    verb->add_option("--provider-space", o->provider_space,
                     "A file of the prefixes that the provider holds, in any format of feeds");
    verb->add_flag("--allow-private", o->allow_private, kPrivateHelp);
}

void declare_import(CLI::App& policy, Run& run) {
    const auto [verb, o] = declare_with<PolicyImportOptions>(
        policy, run, "import", "Bring a policy's new version into force", run_policy_import);
    verb->add_option("PROVIDER", o->provider, kProviderHelp)->required();
    verb->add_option("FILE", o->input, kInputHelp)->required();
    verb->add_flag("--ours", o->ours, kOursHelp);
    verb->add_flag("--dry-run", o->dry_run, "Say what would change, and change nothing");
    verb->add_flag("--yes", o->yes, "Apply also what shrinks or grows past the limits");
    verb->add_flag("--allow-private", o->allow_private, kPrivateHelp);
    const auto [diff, d] = declare_with<PolicyDiffOptions>(
        policy, run, "diff", "Say what a document would change, line by line", run_policy_diff);
    diff->add_option("PROVIDER", d->provider, kProviderHelp)->required();
    diff->add_option("FILE", d->input, kInputHelp)->required();
    diff->add_flag("--ours", d->ours, kOursHelp);
    diff->add_flag("--allow-private", d->allow_private, kPrivateHelp);
}

void declare_views(CLI::App& policy, Run& run) {
    const auto [show, s] = declare_with<PolicyShowOptions>(
        policy, run, "show", "A policy as a document: JSON unless --csv", run_policy_show);
    show->add_option("PROVIDER", s->provider, kProviderHelp)->required();
    show->add_option("--version", s->version, "This version; default: the one in force")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{INT64_MAX}));
    show->add_flag("--ours", s->ours, kOursHelp);
    show->add_flag("--csv", s->csv, "As CSV");
    const auto [history, h] = declare_with<std::string>(
        policy, run, "history", "The versions of a provider's policies", run_policy_history);
    history->add_option("PROVIDER", *h, kProviderHelp)->required();
    const auto [conflicts, c] = declare_with<PolicyConflictsOptions>(
        policy, run, "conflicts", "Where what a policy says and what was seen do not agree",
        run_policy_conflicts);
    conflicts->add_option("PROVIDER", c->provider, "Only of this provider");
    conflicts->add_option("--since", c->since, "By hits from then on, as 30d or 2026-11-01")
        ->capture_default_str();
    conflicts->add_option("--limit", c->limit, "At most so many of a provider")
        ->capture_default_str()
        ->check(CLI::Range(1, 10000));
}

void declare_states(CLI::App& policy, Run& run) {
    const auto [approve, a] = declare_with<PolicyVoiceOptions>(
        policy, run, "approve", "Bring the version that waits into force", run_policy_approve);
    approve->add_option("PROVIDER", a->provider, kProviderHelp)->required();
    approve->add_flag("--ours", a->ours, kOursHelp);
    const auto [withdraw, w] = declare_with<PolicyVoiceOptions>(
        policy, run, "withdraw", "End a policy, and what it lists", run_policy_withdraw);
    withdraw->add_option("PROVIDER", w->provider, kProviderHelp)->required();
    withdraw->add_flag("--ours", w->ours, kOursHelp);
    const auto [fetch, f] = declare_with<PolicyFetchOptions>(
        policy, run, "fetch", "Fetch policies from where their providers publish them",
        run_policy_fetch);
    CLI::Option* names = fetch->add_option("PROVIDER", f->providers, "These; default: all");
    fetch->add_flag("--due", f->due, "Those not looked at for a day")->excludes(names);
    fetch->add_flag("--yes", f->yes, "Apply also what shrinks or grows past the limits");
    fetch->add_flag("--allow-private", f->allow_private, kPrivateHelp);
    declare(policy, run, "refresh",
            "Take out of the lists what has got old or lies in lost space; run it daily",
            run_policy_refresh);
}

void declare_exemptions(CLI::App& policy, Run& run) {
    const auto [exempt, e] = declare_with<PolicyExemptOptions>(
        policy, run, "exempt", "Grant an exemption that outlives the policy's versions",
        run_policy_exempt);
    exempt->add_option("PROVIDER", e->provider, kProviderHelp)->required();
    exempt->add_option("PREFIX", e->prefix, "An address or prefix of the provider's")->required();
    exempt->add_option("--reason", e->reason, "Why, for those who read the list")->required();
    exempt->add_option("--customer", e->customer, "As the provider calls it");
    CLI::Option* until =
        exempt->add_option("--until", e->until, "When it ends, as 2026-12-31; default: never");
    exempt->add_option("--for", e->duration, "How long it stays, as 90d")->excludes(until);
    const auto [unexempt, u] = declare_with<PolicyUnexemptOptions>(
        policy, run, "unexempt", "End a granted exemption", run_policy_unexempt);
    unexempt->add_option("PROVIDER", u->provider, kProviderHelp)->required();
    unexempt->add_option("PREFIX", u->prefix, "As it was granted")->required();
    const auto [list, l] = declare_with<PolicyExemptionsOptions>(
        policy, run, "exemptions", "The granted exemptions of a provider", run_policy_exemptions);
    list->add_option("PROVIDER", l->provider, kProviderHelp)->required();
    list->add_option("--after", l->after, "Those after this prefix");
    list->add_option("--limit", l->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
}

}  // namespace

void declare_policy_verbs(CLI::App& app, Run& run) {
    CLI::App& policy = declare_group(app, "policy", "Providers' mail policies");
    declare_check(policy, run);
    declare_import(policy, run);
    declare_views(policy, run);
    declare_states(policy, run);
    declare_exemptions(policy, run);
}

}  // namespace fairlist::cli
