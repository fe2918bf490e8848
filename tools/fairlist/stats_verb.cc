#include "server/roles/networks.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/stats_output.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <string>

namespace fairlist::cli {

namespace {

// Figures are worth reading without names.
void name_all(Session& session, Ledger& ledger, StatsView& view) {
    const auto table = open_networks(**session.config());
    if (!table) {
        print_error(printable("fairlist: networks have no names: " + table.error().message) + "\n");
        return;
    }
    if (*table != nullptr) {
        name_networks(view, find_networks(ledger, **table, networks_in(view)));
        view.networks = (*table)->source();
    }
}

// A list that was never entered into has no figures, and one that left the configuration may have.
Result<void> check_list(Session& session, const store::Names& names, const std::string& list) {
    const bool known =
        std::ranges::any_of(names.lists, [&](const auto& one) { return one.second == list; });
    if (list.empty() || known) {
        return {};
    }
    if (const auto spec = session.list(list); !spec) {
        return std::unexpected(spec.error());
    }
    return fail(
        Errc::NotFound,
        fmt::format("list \"{}\": new in the configuration; \"fairlist init\" makes it", list));
}

ExitStatus run_stats(Session& session, const StatsOptions& options, FigureGroup by) {
    const auto range = stats_range(options.since, options.until, now());
    const auto field = stats_field(options.field);
    if (!range) {
        return session.report(range.error(), ExitStatus::Usage);
    }
    const auto ledger = session.ledger_reader();
    if (!ledger) {
        return session.report(ledger.error());
    }
    const auto names = session.names();
    if (!names) {
        return session.report(names.error());
    }
    if (const auto good = check_list(session, *names, options.list); !good) {
        return session.report(good.error());
    }
    const StatsQuery query{by, field.value_or(FigureField::Opened), *range, options.list,
                           options.top};
    StatsView view = view_stats((*ledger)->figures(), *names, query);
    if (by == FigureGroup::Networks) {
        name_all(session, **ledger, view);
    }
    print(session.json() ? stats_json(view) : stats_text(view));
    return ExitStatus::Done;
}

}  // namespace

ExitStatus run_stats_networks(Session& session, const StatsOptions& options) {
    return run_stats(session, options, FigureGroup::Networks);
}

ExitStatus run_stats_lists(Session& session, const StatsOptions& options) {
    return run_stats(session, options, FigureGroup::Lists);
}

ExitStatus run_stats_reasons(Session& session, const StatsOptions& options) {
    return run_stats(session, options, FigureGroup::Reasons);
}

}  // namespace fairlist::cli
