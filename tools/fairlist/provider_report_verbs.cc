#include "tools/fairlist/provider_report_verbs.h"

#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/provider_report_json.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {

struct ReportsOptions {
    std::string provider;  // empty: of all
    std::string after;
    std::uint32_t limit = 100;
    bool unanswered = false;
};

struct AnswerOptions {
    std::uint64_t report = 0;
    std::string answer;
    std::string text;
};

Result<ReportBook> open_reports(Session& session, const Result<Manager*>& manager) {
    if (!manager) {
        return std::unexpected(manager.error());
    }
    return ReportBook(session.environment(), (*session.config())->reports.rules);
}

// "fixed by operator:anna at 2026-11-26T10:00:00Z".
std::string last_answer(const ProviderReport& report) {
    if (report.answers.empty()) {
        return "";
    }
    const ReportAnswer& answer = report.answers.back();
    return fmt::format("{} by {} at {}", to_string(answer.kind), answer.by, to_string(answer.time));
}

std::string state_text(const ProviderReport& report) {
    std::string state(to_string(report.state));
    return report.error.empty() ? state : fmt::format("{}: {}", state, report.error);
}

std::string text_of(const ReportPage& page) {
    Table table({{"REPORT", true},
                 {"PROVIDER"},
                 {"LIST"},
                 {"SUBJECT"},
                 {"CAUSE"},
                 {"MADE"},
                 {"SENT"},
                 {"ANSWER"},
                 {"STATE"}});
    for (const ProviderReport& report : page.reports) {
        table.add({fmt::format("{}", report.id), report.provider, report.list,
                   to_string(report.subject), std::string(to_string(report.cause)),
                   to_string(report.made), to_string(report.sent), last_answer(report),
                   state_text(report)});
    }
    return table.text();
}

ExitStatus run_reports(Session& session, const ReportsOptions& options) {
    auto reports = open_reports(session, session.reader());
    if (!reports) {
        return session.report(reports.error());
    }
    ReportFilter filter;
    if (!options.provider.empty()) {
        filter.provider = options.provider;
    }
    filter.unanswered = options.unanswered;
    const auto page = reports->page(filter, options.after, options.limit);
    if (!page) {
        return session.report(page.error(), ExitStatus::Usage);
    }
    print(session.json() ? reports_json(*page) : text_of(*page));
    if (!session.json() && !page->next.empty()) {
        print_error(fmt::format("fairlist: there are more; go on with --after {}\n", page->next));
    }
    return ExitStatus::Done;
}

ExitStatus run_answer(Session& session, const AnswerOptions& options) {
    const auto kind = parse_answer_kind(options.answer);
    if (!kind) {
        return session.report(kind.error(), ExitStatus::Usage);
    }
    auto reports = open_reports(session, session.manager());
    if (!reports) {
        return session.report(reports.error());
    }
    const auto answered = reports->answer(session.actor(), "", options.report, *kind, options.text);
    if (!answered) {
        return session.report(answered.error());
    }
    print(session.json() ? report_json(*answered)
                         : fmt::format("report {} of {}: {}\n", answered->id, answered->provider,
                                       last_answer(*answered)));
    return ExitStatus::Done;
}

ExitStatus run_webhook_secret(Session& session, const std::string& provider) {
    // First: a secret that cannot be put on record is not made.
    const auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto known = find_provider(**books, provider); !known) {
        return session.report(known.error());
    }
    const auto vault = session.vault();
    if (!vault) {
        return session.report(vault.error());
    }
    const std::string secret = (*vault)->make_webhook_secret(provider);
    session.note({"provider.webhook-secret", {{"provider", provider}}});
    if (session.json()) {
        print(webhook_secret_json(provider, secret));
        return ExitStatus::Done;
    }
    print(secret + "\n");
    print_error(
        fmt::format("fairlist: the secret of the webhook of {} is shown once; the one "
                    "before, if there was one, signs nothing more\n",
                    provider));
    return ExitStatus::Done;
}

}  // namespace

void declare_report_verbs(CLI::App& provider_group, Run& run) {
    const auto [reports, r] = declare_with<ReportsOptions>(
        provider_group, run, "reports", "What providers were told, newest first", run_reports);
    reports->add_option("PROVIDER", r->provider, "Of this provider only; default: of all");
    reports->add_flag("--unanswered", r->unanswered, "Only those without an answer");
    reports->add_option("--limit", r->limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 10000));
    reports->add_option("--after", r->after, "Go on where this token, of the page before, says");
    const auto [answer, a] = declare_with<AnswerOptions>(
        provider_group, run, "answer", "Put on record what a provider answers", run_answer);
    answer->add_option("REPORT", a->report, "The report's number")->required();
    answer->add_option("ANSWER", a->answer, "fixed, working-on-it or not-ours")->required();
    answer->add_option("TEXT", a->text, "What was done")->required();
    const auto [secret, s] = declare_with<std::string>(
        provider_group, run, "webhook-secret",
        "Make the key that signs calls of a webhook, and print it this once", run_webhook_secret);
    secret->add_option("PROVIDER", *s, "The provider")->required();
}

}  // namespace fairlist::cli
