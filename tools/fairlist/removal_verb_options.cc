#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/removal_verbs.h"

#include <CLI/CLI.hpp>

namespace fairlist::cli {

namespace {

void declare_request(CLI::App& removal, Run& run) {
    const auto [verb, o] = declare_with<RemovalRequestOptions>(
        removal, run, "request", "Ask, as an operator, for what is listed to be let go",
        run_removal_request);
    verb->add_option("SUBJECT", o->subject, "What is listed")->required();
    verb->add_option("--list", o->list, "Only in this list; default: in each that has it");
    verb->add_option("--helo", o->helo, "The name that the server gives in HELO");
    verb->add_option("--domain", o->mail_domain, "The domain whose SPF is looked at");
    verb->add_option("--text", o->text, "What was done");
}

void declare_views(CLI::App& removal, Run& run) {
    const auto [list, l] = declare_with<RemovalListOptions>(
        removal, run, "list", "List requests, the newest first", run_removal_list);
    list->add_option("--list", l->list, "Only for this list");
    list->add_option("--state", l->state,
                     "Only in this state; operator: the one due first is first");
    list->add_option("--provider", l->provider, "Only in this provider's space");
    list->add_flag("--open", l->open, "Only those that are not decided");
    list->add_option("--limit", l->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    list->add_option("--after", l->after, "Go on where this token, of the page before, says");
    const auto [show, s] = declare_with<RemovalShowOptions>(
        removal, run, "show", "Say everything of a request but who asked", run_removal_show);
    show->add_option("NUMBER", s->number, "The request's number")->required();
    const auto [status, k] = declare_with<RemovalKeyOptions>(
        removal, run, "status", "Say what a requester is told", run_removal_status);
    status->add_option("KEY", k->key, "The request's key")->required();
}

void declare_decisions(CLI::App& removal, Run& run) {
    const auto [grant, g] = declare_with<RemovalDecideOptions>(
        removal, run, "grant", "Grant a request, whatever the rule says", run_removal_grant);
    grant->add_option("NUMBER", g->number, "The request's number")->required();
    grant->add_option("--reason", g->reason, "Why, for who asked");
    const auto [refuse, r] = declare_with<RemovalDecideOptions>(
        removal, run, "refuse", "Refuse a request", run_removal_refuse);
    refuse->add_option("NUMBER", r->number, "The request's number")->required();
    refuse->add_option("--reason", r->reason, "Why, for who asked")->required();
    const auto [appeal, a] = declare_with<RemovalKeyOptions>(
        removal, run, "appeal", "Hand a request to an operator", run_removal_appeal);
    appeal->add_option("KEY", a->key, "The request's key")->required();
    appeal->add_option("--reason", a->reason, "Why")->required();
    declare(removal, run, "due", "Go on with all requests whose time has come", run_removal_due);
}

void declare_probe(CLI::App& removal, Run& run) {
    const auto [verb, o] = declare_with<RemovalProbeOptions>(
        removal, run, "probe", "Say what the DNS says of an address, as a request would have it",
        run_removal_probe);
    verb->add_option("ADDRESS", o->address, "The address that sends mail")->required();
    verb->add_option("--helo", o->helo, "The name that the server gives in HELO");
    verb->add_option("--domain", o->mail_domain,
                     "The domain whose SPF is looked at, or an address in it");
    verb->add_option("--resolver", o->resolvers,
                     "Ask this one, as 192.0.2.53:53; may be given again; default: the machine's");
    verb->add_option("--timeout", o->timeout, "Seconds for all of it")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 60.0));
    verb->add_flag("--challenge", o->challenge, "Look for the TXT record of a request, too");
}

}  // namespace

void declare_removal_verbs(CLI::App& app, Run& run) {
    CLI::App& removal = declare_group(app, "removal", "Requests for removal");
    declare_request(removal, run);
    declare_views(removal, run);
    declare_decisions(removal, run);
    declare_probe(removal, run);
    const auto [attest, o] = declare_with<AttestOptions>(
        app, run, "attest", "Put on record a provider's word that its listings are fixed",
        run_attest);
    attest->add_option("PROVIDER", o->provider, "Whose word it is")->required();
    attest->add_option("PREFIX", o->prefix, "All its listings in here")->required();
    attest->add_option("--text", o->text, "What was done")->required();
    attest->add_option("--limit", o->limit, "At most so many listings")
        ->capture_default_str()
        ->check(CLI::Range(1, 100000));
}

}  // namespace fairlist::cli
