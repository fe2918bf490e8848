#include "tools/fairlist/ledger_verb_options.h"

#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/ledger_verbs.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace fairlist::cli {

namespace {

constexpr const char* kReferenceHelp =
    "A listing's number, or a subject: its latest listing in each list";

void declare_list(CLI::App& listing, Run& run) {
    const auto [verb, o] = declare_with<ListingListOptions>(
        listing, run, "list", "List listings, page by page", run_listing_list);
    verb->add_option("--list", o->list, "Only of this list");
    verb->add_option("--state", o->state, "Only in this state")
        ->check(CLI::IsMember({"noticed", "open", "suspended", "expired", "removed", "exempted"}));
    verb->add_option("--within", o->within, "Only of subjects inside this prefix");
    verb->add_flag("--ended", o->ended, "Also those that have ended");
    CLI::Option* limit = verb->add_option("--limit", o->limit, "At most so many")
                             ->capture_default_str()
                             ->check(CLI::Range(1, 1000000));
    verb->add_flag("--all", o->all, "Everything, without pages")->excludes(limit);
    verb->add_option("--after", o->after, "Go on where this token, of the page before, says");
}

void declare_views(CLI::App& listing, Run& run) {
    const auto [show, s] = declare_with<ListingShowOptions>(
        listing, run, "show", "Say everything of a listing in plain words", run_listing_show);
    show->add_option("LISTING", s->reference, kReferenceHelp)->required();
    show->add_option("--list", s->list, "Only of this list");
    const auto [history, h] = declare_with<ListingShowOptions>(
        listing, run, "history", "Say what became of a listing, event by event",
        run_listing_history);
    history->add_option("LISTING", h->reference, kReferenceHelp)->required();
    history->add_option("--list", h->list, "Only of this list");
}

void declare_open(CLI::App& listing, Run& run) {
    const auto [verb, o] = declare_with<ListingOpenOptions>(
        listing, run, "open", "Open a listing, or extend the one that there is", run_listing_open);
    verb->add_option("LIST", o->list, "The list")->required();
    verb->add_option("SUBJECT", o->subject, "A subject, as the list takes it")->required();
    CLI::Option* until =
        verb->add_option("--until", o->until, "When it ends, as 2026-12-31T00:00:00Z");
    verb->add_option("--for", o->duration, "How long it stays, as 7d")->excludes(until);
    verb->add_option("--code", o->code, "Return code, as 127.0.0.4 or 4; default: the list's");
    verb->add_option("--reason", o->reason, "Reason template; default: the list's");
    verb->add_flag("--yes", o->yes, "List even a whole top-level domain");
}

using ChangeVerb = ExitStatus (*)(Session&, const ListingChangeOptions&);

std::pair<CLI::App*, ListingChangeOptions*> declare_change(CLI::App& listing, Run& run,
                                                           const char* name, const char* what,
                                                           ChangeVerb action) {
    const auto [verb, o] = declare_with<ListingChangeOptions>(listing, run, name, what, action);
    verb->add_option("LISTING", o->references,
                     "Numbers, or subjects that have one listing; - reads them from standard input")
        ->required();
    verb->add_option("--list", o->list, "The list that they are in");
    return {verb, o};
}

void declare_changes(CLI::App& listing, Run& run) {
    declare_change(listing, run, "suspend", "Let listings answer nothing until they are resumed",
                   run_listing_suspend);
    declare_change(listing, run, "resume", "Let suspended listings answer again",
                   run_listing_resume);
    declare_change(listing, run, "remove", "End listings for good", run_listing_remove);
    const auto [extend, x] =
        declare_change(listing, run, "extend", "Give listings another end", run_listing_extend);
    CLI::Option* until =
        extend->add_option("--until", x->until, "When they end, as 2026-12-31T00:00:00Z");
    CLI::Option* duration =
        extend->add_option("--for", x->duration, "How long from now, as 7d")->excludes(until);
    extend->add_flag("--no-end", x->no_end, "They stay")->excludes(until)->excludes(duration);
    const auto [exempt, e] = declare_change(
        listing, run, "exempt", "End listings, and exempt their subjects", run_listing_exempt);
    CLI::Option* end =
        exempt->add_option("--until", e->until, "When the exemption ends; default: never");
    exempt->add_option("--for", e->duration, "How long the exemption stays, as 90d")->excludes(end);
    exempt->add_option("--reason", e->reason, "Why, for those who read the list")->required();
}

void declare_evidence(CLI::App& app, Run& run) {
    CLI::App& evidence = declare_group(app, "evidence", "Show what listings rest on");
    const auto [verb, o] = declare_with<EvidenceOptions>(
        evidence, run, "show", "Hits, without what could tell a trap", run_evidence_show);
    CLI::Option* hit = verb->add_option("HIT", o->hit, "A hit's number")
                           ->check(CLI::Range(std::int64_t{1}, std::int64_t{INT64_MAX}));
    verb->add_option("--listing", o->listing, "Of this listing, the newest first")->excludes(hit);
    verb->add_option("--limit", o->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    verb->add_flag("--full", o->full,
                   "With exact times, HELO and the numbers of traps and mails; needs --why");
}

void declare_rules(CLI::App& app, Run& run) {
    CLI::App& rules = declare_group(app, "rules", "Show and try the rules that open listings");
    declare(rules, run, "show", "The rules in force", run_rules_show);
    const auto [trial, t] = declare_with<RulesTrialOptions>(
        rules, run, "dry-run", "Say what rules would have listed by hits that came in already",
        run_rules_trial);
    trial->add_option("--rules", t->file, "A configuration with other rules and space");
    trial->add_option("--since", t->since, "By hits from then on, as 30d or 2026-11-01")
        ->required();
}

}  // namespace

void declare_ledger_verbs(CLI::App& app, Run& run) {
    CLI::App& listing = declare_group(app, "listing", "Show and change listings and their lives");
    declare_list(listing, run);
    declare_views(listing, run);
    declare_open(listing, run);
    declare_changes(listing, run);
    declare_evidence(app, run);
    declare_rules(app, run);
}

}  // namespace fairlist::cli
