#include "tools/fairlist/verb_options.h"

#include "importer/formats/format.h"
#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/intake_verb_options.h"
#include "tools/fairlist/ledger_verb_options.h"
#include "tools/fairlist/policy_verb_options.h"
#include "tools/fairlist/provider_verb_options.h"
#include "tools/fairlist/removal_verbs.h"
#include "tools/fairlist/verbs.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {

namespace {

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const importer::Format& format : importer::formats()) {
        names.emplace_back(format.name);
    }
    return names;
}

void declare_import(CLI::App& app, Run& run) {
    const auto [verb, o] = declare_with<ImportOptions>(
        app, run, "import", "Make a source's entries in a list exactly what a file says",
        run_import);
    verb->add_option("INPUT", o->input, "A file, a folder of files, a URL, or - for standard input")
        ->required();
    verb->add_option("--list", o->list, "The list that the entries go to")->required();
    verb->add_option("--source", o->source, "The source's name; default: the file's base name");
    verb->add_option("--format", o->format, "The format; default: told by content")
        ->check(CLI::IsMember(format_names()));
    verb->add_flag("--dry-run", o->dry_run, "Print the plan and change nothing");
    verb->add_option("--max-errors", o->max_errors, "More rejected lines fail the import")
        ->capture_default_str();
    verb->add_option("--code", o->code, "Return code of entries that have none");
    verb->add_option("--reason", o->reason, "Reason template of entries that have none");
    verb->add_option("--ttl", o->ttl, "DNS TTL of entries that have none, as 5m");
    verb->add_option("--lifetime", o->lifetime, "Entries end this long from now, as 7d");
    verb->add_flag("--allow-host-bits", o->allow_host_bits,
                   "Take 192.0.2.1/24 as 192.0.2.0/24 instead of rejecting it");
    verb->add_flag("--allow-private", o->allow_private,
                   "Fetch a URL from loopback and private addresses, too");
    verb->add_flag("--yes", o->yes, "Apply even what the guard against shrinking would hold");
}

void declare_feed(CLI::App& app, Run& run) {
    CLI::App* feed = app.add_subcommand("feed", "Run and oversee the configured feeds");
    feed->fallthrough();
    feed->require_subcommand(1);
    declare(*feed, run, "list", "All feeds and their state", run_feed_list);
    const auto [runs, r] =
        declare_with<FeedRunOptions>(*feed, run, "run", "Fetch and import feeds", run_feed_run);
    runs->add_option("NAME", r->names, "The feeds to run");
    runs->add_flag("--due", r->due, "Run those whose time has come");
    runs->add_flag("--all", r->all, "Run every feed");
    runs->add_flag("--dry-run", r->dry_run, "Print the plans and change nothing");
    const auto [shows, s] =
        declare_with<std::string>(*feed, run, "show", "One feed in full", run_feed_show);
    shows->add_option("NAME", *s, "The feed")->required();
    const auto [approves, a] = declare_with<std::string>(
        *feed, run, "approve", "Put a held version in force", run_feed_approve);
    approves->add_option("NAME", *a, "The feed")->required();
    const auto [rolls, b] = declare_with<FeedRollbackOptions>(
        *feed, run, "rollback", "Put an earlier version in force again", run_feed_rollback);
    rolls->add_option("NAME", b->name, "The feed")->required();
    rolls->add_option("--to", b->version, "The version; default: the one before")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{INT64_MAX}));
    const auto [forgets, f] = declare_with<FeedForgetOptions>(
        *feed, run, "forget", "Remove a source that is no feed any more, with all its entries",
        run_feed_forget);
    forgets->add_option("NAME", f->name, "The source")->required();
    forgets->add_flag("--yes", f->yes, "Remove it; without this say what would go");
}

void declare_end(CLI::App& verb, AddOptions& options) {
    CLI::Option* until =
        verb.add_option("--until", options.until, "When it ends, as 2026-12-31T00:00:00Z");
    verb.add_option("--for", options.duration, "How long it stays, as 7d")->excludes(until);
    verb.add_option("--source", options.source, "The source that it is entered under")
        ->capture_default_str();
}

constexpr const char* kSubjectHelp =
    "An address, prefix, range A-B, name, .name, *.name or digest, as the list takes it; - reads "
    "them from standard input, one a line";

void declare_changes(CLI::App& app, Run& run) {
    const auto [add, a] =
        declare_with<AddOptions>(app, run, "add", "List subjects, or change how they are", run_add);
    add->add_option("LIST", a->list, "The list")->required();
    add->add_option("SUBJECT", a->subjects, kSubjectHelp)->required();
    add->add_option("--code", a->code, "Return code, as 127.0.0.4 or 4; default: the list's");
    add->add_option("--reason", a->reason, "Reason template; default: the list's");
    add->add_option("--ttl", a->ttl, "DNS TTL, as 5m; default: the list's");
    declare_end(*add, *a);
    add->add_flag("--yes", a->yes, "List even a whole top-level domain");
    const auto [exempt, e] =
        declare_with<AddOptions>(app, run, "exempt", "Take subjects out of a list", run_exempt);
    exempt->add_option("LIST", e->list, "The list")->required();
    exempt->add_option("SUBJECT", e->subjects, kSubjectHelp)->required();
    exempt->add_option("--reason", e->reason, "Why, for those who read the list")->required();
    declare_end(*exempt, *e);
    const auto [remove, r] = declare_with<RemoveOptions>(
        app, run, "remove", "Remove entries of exactly these subjects", run_remove);
    remove->add_option("LIST", r->list, "The list")->required();
    remove->add_option("SUBJECT", r->subjects, kSubjectHelp)->required();
    remove->add_option("--source", r->source, "Only what this source entered; default: all");
    remove->add_flag("--exemption", r->exemption, "Remove exemptions instead of entries");
}

void declare_entries(CLI::App& app, Run& run) {
    const auto [verb, o] = declare_with<EntriesOptions>(app, run, "entries",
                                                        "List entries, page by page", run_entries);
    verb->add_option("--list", o->list, "Only of this list");
    verb->add_option("--source", o->source, "Only of this source");
    verb->add_option("--within", o->within, "Only inside this prefix");
    verb->add_flag("--exemptions", o->exemptions, "Only exemptions");
    verb->add_flag("--expired", o->expired, "Also those that ended");
    CLI::Option* limit = verb->add_option("--limit", o->limit, "At most so many")
                             ->capture_default_str()
                             ->check(CLI::Range(1, 1000000));
    verb->add_flag("--all", o->all, "Everything, without pages")->excludes(limit);
    verb->add_option("--after", o->after, "Go on where this token, of the page before, says");
    verb->add_option("--format", o->format, "text, json, csv, or plain (subjects alone)")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "json", "csv", "plain"}));
}

void declare_views(CLI::App& app, Run& run) {
    const auto [lookup, subjects] = declare_with<std::vector<std::string>>(
        app, run, "lookup", "Say everything known of addresses, names and digests", run_lookup);
    lookup
        ->add_option("SUBJECT", *subjects,
                     "An address, prefix, name or digest; - reads them from standard input")
        ->required();
    declare_entries(app, run);
    declare(app, run, "lists", "All lists and how many entries they hold", run_lists);
    declare(app, run, "zones", "All zones and the lists they answer", run_zones);
    const auto [journal, j] = declare_with<JournalOptions>(
        app, run, "journal", "Show what changed, when and by whom", run_journal);
    journal->add_option("--after", j->after, "Changes after this number; default: the newest");
    journal->add_option("--limit", j->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    declare(app, run, "status", "The state of the store and its feeds", run_status);
    declare(app, run, "doctor", "Check that the store is whole, and name every fault", run_doctor);
    declare(app, run, "sweep", "End listings that have ended, and delete what has", run_sweep);
}

void declare_audit(CLI::App& app, Run& run) {
    CLI::App* audit = app.add_subcommand("audit", "Show and verify who changed what, and why");
    audit->fallthrough();
    audit->require_subcommand(1);
    const auto [show, s] = declare_with<AuditShowOptions>(
        *audit, run, "show", "Records of the audit log", run_audit_show);
    show->add_option("--after", s->after, "Records after this number; default: the newest");
    show->add_option("--limit", s->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    const auto [verify, v] = declare_with<AuditVerifyOptions>(
        *audit, run, "verify", "Check that no record was changed, moved, removed or cut off",
        run_audit_verify);
    verify->add_option("--checkpoints", v->checkpoints,
                       "A file of checkpoints that were kept elsewhere, one a line");
    declare(*audit, run, "checkpoint", "Sign the log as it is now, and print the signed line",
            run_audit_checkpoint);
    const auto [key, k] = declare_with<std::string>(
        *audit, run, "key", "Make the key that signs checkpoints", run_audit_key);
    key->add_option("FILE", *k, "Where the secret key goes; must not exist")->required();
}

void declare_hash(CLI::App& app, Run& run) {
    const auto [verb, o] = declare_with<HashOptions>(
        app, run, "hash", "Make the digests that hash lists are asked for", run_hash);
    verb->add_option("KIND", o->kind, "email, url or file")
        ->required()
        ->check(CLI::IsMember({"email", "url", "file"}));
    verb->add_option("VALUE", o->values, "Addresses, URLs or paths; a path of - is standard input")
        ->required();
    verb->add_option("--zone", o->zone,
                     "Print the name below this zone; default: each zone with a hash list");
}

void declare_explain(CLI::App& app, Run& run) {
    const auto [verb, o] = declare_with<ExplainOptions>(
        app, run, "explain",
        "Say step by step what a trap's mail would list, or a listing rests on", run_explain);
    CLI::Option* input = verb->add_option(
        "FILE", o->input, "A message or an mbox, - is standard input; or a listing's number");
    verb->add_option("--file", o->file, "A file whose name is a number")->excludes(input);
    verb->add_option("--message", o->message, "Only this message of an mbox, counted from 1")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{INT64_MAX}));
    verb->add_option("--peer", o->peer, "Who connected, as the mail server told it");
}

}  // namespace

void declare_verbs(CLI::App& app, Run& run) {
    declare(app, run, "init", "Make the store that the configuration names", run_init);
    declare(app, run, "check", "Check the configuration and name every fault", run_check);
    declare_import(app, run);
    declare_feed(app, run);
    declare_changes(app, run);
    declare_views(app, run);
    declare_audit(app, run);
    declare_hash(app, run);
    declare_explain(app, run);
    declare_ledger_verbs(app, run);
    declare_removal_verbs(app, run);
    declare_intake_verbs(app, run);
    declare_provider_verbs(app, run);
    declare_policy_verbs(app, run);
    declare(app, run, "version", "Print the version", run_version);
}

}  // namespace fairlist::cli
