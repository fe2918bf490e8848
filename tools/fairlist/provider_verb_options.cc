#include "tools/fairlist/provider_verb_options.h"

#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/provider_report_verbs.h"
#include "tools/fairlist/provider_verbs.h"
#include "tools/fairlist/standing_verb.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace fairlist::cli {

namespace {

constexpr const char* kProviderHelp = "The provider, as \"fairlist provider list\" names it";

void declare_fields(CLI::App& verb, ProviderFieldOptions& o) {
    verb.add_option("--name", o.name, "For people; default: PROVIDER");
    verb.add_option("--asn", o.asns, "Its networks, as 64500; - for none")->delimiter(',');
    verb.add_option("--abuse", o.abuse, "Mail address that reports go to");
    verb.add_option("--postmaster", o.postmaster, "Mail address of who runs its mail");
    verb.add_option("--support", o.support, "URL or mail address, shown to those who are listed");
    verb.add_option("--webhook", o.webhook, "https URL that reports go to as JSON");
    verb.add_option("--policy-url", o.policy_url, "Where it publishes its mail policy");
    verb.add_option("--space-url", o.space_url, "Where it publishes its space");
    verb.add_option("--space-format", o.space_format,
                    "Format of that, and what counts of it, as \"aws service=EC2\"");
    verb.add_option("--domain", o.domains,
                    "Domains that sign for it, not for a customer; - for none")
        ->delimiter(',');
    CLI::Option* shows =
        verb.add_flag("--show-standing", o.shows_standing, "Everybody may see its standing");
    verb.add_flag("--hide-standing", o.hides_standing, "Only it and we may")->excludes(shows);
}

void declare_space(CLI::App& provider, Run& run) {
    CLI::App& space = declare_group(provider, "space", "The address space of a provider");
    const auto [add, a] = declare_with<SpaceChangeOptions>(
        space, run, "add", "Say that a provider holds ranges", run_space_add);
    add->add_option("PROVIDER", a->slug, kProviderHelp)->required();
    add->add_option("PREFIX", a->prefixes, "Prefixes and ranges; - reads standard input")
        ->required();
    add->add_flag("--take", a->take, "Also from another provider that holds them");
    const auto [remove, r] = declare_with<SpaceChangeOptions>(
        space, run, "remove", "Say that it holds them no more", run_space_remove);
    remove->add_option("PROVIDER", r->slug, kProviderHelp)->required();
    remove->add_option("PREFIX", r->prefixes, "As they were added; - reads standard input")
        ->required();
    const auto [list, l] = declare_with<SpaceListOptions>(
        space, run, "list", "The ranges, page by page", run_space_list);
    list->add_option("PROVIDER", l->slug, kProviderHelp)->required();
    CLI::Option* limit = list->add_option("--limit", l->limit, "At most so many")
                             ->capture_default_str()
                             ->check(CLI::Range(1, 1000000));
    list->add_flag("--all", l->all, "Everything, without pages")->excludes(limit);
    list->add_option("--after", l->after, "Those after this prefix");
}

void declare_space_sources(CLI::App& space, Run& run) {
    const auto [derive, d] = declare_with<SpaceDeriveOptions>(
        space, run, "derive", "Find the ranges that its ASNs announce; says only what would change",
        run_space_derive);
    derive->add_option("PROVIDER", d->slug, kProviderHelp)->required();
    derive->add_flag("--apply", d->apply, "Change it");
    derive->add_flag("--yes", d->yes, "Also what shrinks or grows past the limits");
    const auto [feed, f] = declare_with<SpaceFeedOptions>(
        space, run, "feed", "Bring a document of its ranges in", run_space_feed);
    feed->add_option("PROVIDER", f->slug, kProviderHelp)->required();
    feed->add_option("FILE", f->input,
                     "A path, a URL, or - for standard input; default: its space URL");
    feed->add_option("--format", f->format, "As \"fairlist import\"; default: told by content");
    feed->add_option("--select", f->select, "Only these, as service=EC2");
    feed->add_flag("--dry-run", f->dry_run, "Say what would change, and change nothing");
    feed->add_flag("--yes", f->yes, "Also what shrinks or grows past the limits");
    feed->add_flag("--allow-private", f->allow_private,
                   "Fetch also from loopback and private addresses");
}

}  // namespace

void declare_provider_verbs(CLI::App& app, Run& run) {
    CLI::App& provider = declare_group(app, "provider", "Who holds address space");
    const auto [add, a] = declare_with<ProviderFieldOptions>(
        provider, run, "add", "Make a provider known", run_provider_add);
    add->add_option("PROVIDER", a->slug, "A short name, as example-cloud")->required();
    declare_fields(*add, *a);
    const auto [change, c] = declare_with<ProviderFieldOptions>(
        provider, run, "change", "Change what is known; what is not named stays",
        run_provider_change);
    change->add_option("PROVIDER", c->slug, kProviderHelp)->required();
    declare_fields(*change, *c);
    const auto [show, s] = declare_with<std::string>(provider, run, "show",
                                                     "All that is known of one", run_provider_show);
    show->add_option("PROVIDER", *s, kProviderHelp)->required();
    declare(provider, run, "list", "The providers", run_provider_list);
    const auto [remove, r] = declare_with<ProviderRemoveOptions>(
        provider, run, "remove", "Forget a provider, its space and its policies",
        run_provider_remove);
    remove->add_option("PROVIDER", r->slug, kProviderHelp)->required();
    remove->add_flag("--yes", r->yes, "Remove it; without this say what would go");
    declare_space(provider, run);
    declare_space_sources(*provider.get_subcommand("space"), run);
    declare_report_verbs(provider, run);
    declare_standing_verb(provider, run);
}

}  // namespace fairlist::cli
