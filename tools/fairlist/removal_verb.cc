#include "tools/fairlist/removal_output.h"
#include "tools/fairlist/removal_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/subject_input.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <string>

namespace fairlist::cli {

namespace {

ExitStatus print_removal(Session& session, const Result<Removal>& removal) {
    if (!removal) {
        return session.report(removal.error());
    }
    print(session.json() ? removal_json(*removal) : removal_text(*removal));
    return ExitStatus::Done;
}

Result<RemovalFilter> filter_of(const RemovalListOptions& options) {
    RemovalFilter filter;
    filter.open_only = options.open;
    if (!options.list.empty()) {
        filter.list = options.list;
    }
    if (!options.provider.empty()) {
        filter.provider = options.provider;
    }
    if (!options.state.empty()) {
        const auto state = parse_removal_state(options.state);
        if (!state) {
            return std::unexpected(state.error());
        }
        filter.state = *state;
    }
    return filter;
}

}  // namespace

ExitStatus run_removal_request(Session& session, const RemovalRequestOptions& options) {
    const auto subject = guess_subject(options.subject);
    if (!subject) {
        return session.report(subject.error(), ExitStatus::Usage);
    }
    const auto desk = session.removal_desk();
    if (!desk) {
        return session.report(desk.error());
    }
    NewRemoval wanted;
    wanted.list = options.list;
    wanted.subject = *subject;
    wanted.proof = ProofKind::Operator;
    wanted.helo = options.helo;
    wanted.mail_domain = options.mail_domain;
    wanted.statement = options.text;
    const auto opened = (*desk)->open(session.actor(), wanted);
    if (!opened) {
        return session.report(opened.error());
    }
    if (session.json()) {
        print(opened_removals_json(*opened));
        return ExitStatus::Done;
    }
    for (const OpenedRemoval& one : *opened) {
        print(fmt::format("removal {}  key {}\n", one.removal.id, one.key));
        print(removal_text(one.removal));
    }
    return ExitStatus::Done;
}

ExitStatus run_removal_status(Session& session, const RemovalKeyOptions& options) {
    const auto desk = session.removal_desk();
    return desk ? print_removal(session, (*desk)->status(options.key))
                : session.report(desk.error());
}

ExitStatus run_removal_appeal(Session& session, const RemovalKeyOptions& options) {
    const auto desk = session.removal_desk();
    return desk ? print_removal(session, (*desk)->appeal(options.key, options.reason))
                : session.report(desk.error());
}

ExitStatus run_removal_list(Session& session, const RemovalListOptions& options) {
    const auto filter = filter_of(options);
    if (!filter) {
        return session.report(filter.error(), ExitStatus::Usage);
    }
    const auto desk = session.removal_desk();
    if (!desk) {
        return session.report(desk.error());
    }
    const auto page = (*desk)->page(*filter, options.after, options.limit);
    if (!page) {
        return session.report(page.error());
    }
    if (session.json()) {
        print(removal_page_json(*page));
    } else {
        print(removals_text(page->removals));
        print(page->next.empty() ? "" : fmt::format("More: --after {}\n", page->next));
    }
    return ExitStatus::Done;
}

ExitStatus run_removal_show(Session& session, const RemovalShowOptions& options) {
    const auto desk = session.removal_desk();
    if (!desk) {
        return session.report(desk.error());
    }
    const auto removal = (*desk)->find(options.number);
    return print_removal(session, removal ? Result<Removal>(*removal)
                                          : fail(Errc::NotFound, fmt::format("removal {}: there is "
                                                                             "none",
                                                                             options.number)));
}

ExitStatus run_removal_grant(Session& session, const RemovalDecideOptions& options) {
    const auto desk = session.removal_desk();
    return desk ? print_removal(session,
                                (*desk)->grant(session.actor(), options.number, options.reason))
                : session.report(desk.error());
}

ExitStatus run_removal_refuse(Session& session, const RemovalDecideOptions& options) {
    const auto desk = session.removal_desk();
    return desk ? print_removal(session,
                                (*desk)->refuse(session.actor(), options.number, options.reason))
                : session.report(desk.error());
}

ExitStatus run_removal_due(Session& session) {
    const auto desk = session.removal_desk();
    if (!desk) {
        return session.report(desk.error());
    }
    const std::uint64_t changed = (*desk)->run_due(session.actor_of("rule:removal"));
    print(session.json() ? removal_count_json(changed)
                         : fmt::format("{} requests went on\n", changed));
    return ExitStatus::Done;
}

ExitStatus run_attest(Session& session, const AttestOptions& options) {
    const auto prefix = parse_prefix(options.prefix);
    if (!prefix) {
        return session.report(prefix.error(), ExitStatus::Usage);
    }
    const auto desk = session.removal_desk();
    if (!desk) {
        return session.report(desk.error());
    }
    const auto attested =
        (*desk)->attest(session.actor(), options.provider, *prefix, options.text, options.limit);
    if (!attested) {
        return session.report(attested.error());
    }
    std::size_t done = 0;
    for (const RemovalDesk::Attested& one : *attested) {
        done += one.result ? 1U : 0U;
        if (!session.json()) {
            print(printable(fmt::format("listing {}  {}  {}  {}", one.listing, one.list,
                                        to_string(one.subject),
                                        one.result ? std::string(to_string(one.result->state))
                                                   : one.result.error().message)) +
                  "\n");
        }
    }
    if (session.json()) {
        print(attested_json(*attested));
    }
    return status_of(done, attested->size() - done);
}

}  // namespace fairlist::cli
