#include "tools/fairlist/intake_verb_options.h"

#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/intake_verbs.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {

namespace {

const CLI::Range kNumbers(std::int64_t{1}, std::int64_t{INT64_MAX});
const CLI::Range kTrapNumbers(std::int64_t{1}, std::int64_t{UINT32_MAX});

void declare_trap_changes(CLI::App& trap, Run& run) {
    const auto [add, a] = declare_with<TrapAddOptions>(
        trap, run, "add", "Make addresses traps; the first makes the vault", run_trap_add);
    add->add_option("ADDRESS", a->addresses,
                    "Addresses, @DOMAIN for all of a domain; - reads them from standard input")
        ->required();
    add->add_option("--weight", a->weight, "What a hit of theirs weighs, 0.01 to 100; default: 1");
    add->add_option("--note", a->note, "For the operators, kept in the vault");
    add->add_flag("--report", a->report, "They take abuse reports, which accuse others");
    const auto [import, i] =
        declare_with<std::string>(trap, run, "import", "Make traps of a file", run_trap_import);
    import->add_option("FILE", *i, "A line a trap; - is standard input")->required();
    const auto [retire, r] = declare_with<std::vector<std::uint32_t>>(
        trap, run, "retire", "Refuse the mail of traps from now on", run_trap_retire);
    retire->add_option("NUMBER", *r, "The traps' numbers")->required()->check(kTrapNumbers);
}

void declare_trap_views(CLI::App& trap, Run& run) {
    const auto [list, l] = declare_with<TrapListOptions>(
        trap, run, "list", "The traps, without their local parts", run_trap_list);
    list->add_flag("--retired", l->retired, "Also those that are retired");
    list->add_option("--limit", l->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    list->add_option("--after", l->after, "Those after this number");
    list->add_flag("--full", l->full, "With addresses and notes; needs --why");
    const auto [status, s] = declare_with<TrapStatusOptions>(
        trap, run, "status", "The state of the vault and of its queue", run_trap_status);
    CLI::Option* parked =
        status->add_flag("--parked", s->parked, "Also the mails that cannot be judged, and why");
    status->add_option("--limit", s->limit, "At most so many of these")
        ->capture_default_str()
        ->needs(parked)
        ->check(CLI::Range(1, 1000000));
    status->add_option("--after", s->after, "Those after this number")->needs(parked);
}

void declare_trap_mails(CLI::App& trap, Run& run) {
    const auto [deliver, d] = declare_with<TrapDeliverOptions>(
        trap, run, "deliver", "Take one mail from a mail server's pipe", run_trap_deliver);
    deliver->add_option("--recipient", d->recipients, "Whom the envelope names")->required();
    deliver->add_option("--peer", d->peer, "The address that connected");
    deliver->add_option("--helo", d->helo, "What it called itself");
    deliver->add_option("--peer-name", d->peer_name, "Its name in the DNS");
    deliver->add_option("--sender", d->sender, "The sender of the envelope");
    const auto [import, i] = declare_with<MailImportOptions>(
        trap, run, "import-mail", "Take the mails of a Maildir, an mbox or a file",
        run_trap_import_mail);
    import->add_option("PATH", i->paths, "Maildirs, mboxes or mails")->required();
    import->add_option("--trap", i->trap, "Whose mails they are; default: as each mail tells")
        ->check(kTrapNumbers);
    import->add_flag("--remove", i->remove, "Remove files whose mails are stored; never an mbox");
    const auto [judge, j] = declare_with<TrapJudgeOptions>(
        trap, run, "judge", "Make hits of the mails that wait, and listings of these",
        run_trap_judge);
    judge->add_option("--limit", j->limit, "At most so many mails")->check(kNumbers);
    const auto [retry, r] = declare_with<TrapRetryOptions>(
        trap, run, "retry", "Let mails be judged once more", run_trap_retry);
    CLI::Option* mails = retry->add_option("NUMBER", r->mails, "The mails' numbers");
    mails->check(kNumbers);
    retry->add_flag("--all", r->all, "All that are parked")->excludes(mails);
}

void declare_sensors(CLI::App& app, Run& run) {
    constexpr const char* kSensorHelp = "Who saw it; the same told twice by one counts once";
    constexpr const char* kErrorsHelp = "More that cannot be read stop the import";
    CLI::App& hits = declare_group(app, "hits", "Take in what sensors saw");
    const auto [from_file, h] = declare_with<HitsImportOptions>(
        hits, run, "import", "Take hits from JSON lines", run_hits_import);
    from_file->add_option("FILE", h->input, "A file, or - for standard input")->required();
    from_file->add_option("--sensor", h->sensor, kSensorHelp)->capture_default_str();
    from_file->add_option("--max-errors", h->max_errors, kErrorsHelp)->capture_default_str();
    CLI::App& report = declare_group(app, "report", "Take in what others report");
    const auto [reports, r] = declare_with<ReportImportOptions>(
        report, run, "import", "Take abuse reports: ARF mails, mboxes of them, XARF",
        run_report_import);
    reports->add_option("FILE", r->inputs, "Files; - is standard input")->required();
    reports->add_option("--sensor", r->sensor, kSensorHelp)->capture_default_str();
    reports->add_option("--max-errors", r->max_errors, kErrorsHelp)->capture_default_str();
}

void declare_tokens(CLI::App& app, Run& run) {
    CLI::App& token = declare_group(app, "token", "Say who may speak to the HTTP interface");
    const auto [add, a] = declare_with<TokenAddOptions>(
        token, run, "add", "Make a token, and print it this once", run_token_add);
    add->add_option("NAME", a->name, "Whose it is")->required();
    add->add_option("--role", a->role, "What it may do")
        ->capture_default_str()
        ->check(CLI::IsMember({"machine", "provider", "operator"}));
    add->add_option("--provider", a->provider, "Whom it speaks for; of the role provider");
    add->add_option("--for", a->duration, "How long it is good, as 365d; default: until revoked");
    add->add_option("--note", a->note, "For the operators");
    declare(token, run, "list", "Whose tokens there are, without the tokens", run_token_list);
    const auto [revoke, r] =
        declare_with<std::string>(token, run, "revoke", "Refuse a token", run_token_revoke);
    revoke->add_option("NAME", *r, "Whose it is")->required();
}

using StatsVerb = ExitStatus (*)(Session&, const StatsOptions&);

void declare_stats_of(CLI::App& stats, Run& run, const char* name, const char* what,
                      StatsVerb action) {
    const auto [verb, o] = declare_with<StatsOptions>(stats, run, name, what, action);
    verb->add_option("--since", o->since,
                     "The days: so many up to the last, as 30d, or from a date on")
        ->capture_default_str();
    verb->add_option("--until", o->until, "The last day, as 2026-11-30; default: today");
    verb->add_option("--list", o->list, "Only of this list");
    verb->add_option("--field", o->field, "What is counted")
        ->capture_default_str()
        ->check(CLI::IsMember({"opened", "hits", "extended", "expired", "removed", "listed"}));
    verb->add_option("--top", o->top, "So many rows; the rest are one")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
}

void declare_stats(CLI::App& app, Run& run) {
    CLI::App& stats = declare_group(app, "stats", "Who has how much, and whether it grows");
    declare_stats_of(stats, run, "networks", "By network (AS)", run_stats_networks);
    declare_stats_of(stats, run, "lists", "By list", run_stats_lists);
    declare_stats_of(stats, run, "reasons", "By rule, or whoever opened it", run_stats_reasons);
}

}  // namespace

void declare_intake_verbs(CLI::App& app, Run& run) {
    CLI::App& trap = declare_group(app, "trap", "Keep spam traps and their mail");
    declare_trap_changes(trap, run);
    declare_trap_views(trap, run);
    declare_trap_mails(trap, run);
    declare_sensors(app, run);
    declare_tokens(app, run);
    declare_stats(app, run);
}

}  // namespace fairlist::cli
