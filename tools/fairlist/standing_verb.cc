#include "tools/fairlist/standing_verb.h"

#include "listing/manager/standing_book.h"
#include "server/roles/standing_options.h"
#include "server/shown/json_values.h"
#include "tools/fairlist/declare_verb.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

constexpr std::uint32_t kDaysMax = 3650;

struct StandingOptions {
    std::string provider;
    std::string at;
    std::uint32_t days = 30;
    bool explain = false;
    bool history = false;
    bool all = false;
    bool compute = false;
};

std::string input_key(std::size_t input) {
    std::string key(to_string(static_cast<StandingInput>(input + 1)));
    for (char& letter : key) {
        letter = letter == ' ' ? '_' : letter;
    }
    return key;
}

boost::json::object standing_json(std::string_view provider, const Standing& standing) {
    boost::json::object inputs;
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        inputs[input_key(i)] = {{"part", standing.inputs[i].part},
                                {"whole", standing.inputs[i].whole},
                                {"points", standing.given[i]}};
    }
    return {{"provider", json_values::text(provider)},
            {"computed", json_values::time(standing.computed)},
            {"tier", json_values::text(to_string(standing.tier))},
            {"before", json_values::text(to_string(standing.before))},
            {"points", standing.points},
            {"inputs", std::move(inputs)}};
}

boost::json::object view_json(const StandingView& view) {
    boost::json::object made = standing_json(view.provider, view.standing);
    made["explanation"] = json_values::texts(view.lines);
    return made;
}

std::vector<std::string> cells(std::string_view first, const Standing& standing) {
    return {std::string(first), std::string(to_string(standing.tier)),
            fmt::format("{:+}", standing.points), std::string(to_string(standing.before)),
            to_string(standing.computed)};
}

std::string head_of(const StandingView& view) {
    return fmt::format("{}: {} ({:+} points, computed {})\n", view.provider,
                       to_string(view.standing.tier), view.standing.points,
                       to_string(view.standing.computed));
}

ExitStatus show(Session& session, const StandingView& view, bool explain) {
    if (session.json()) {
        print(json_values::document(view_json(view)));
        return ExitStatus::Done;
    }
    std::string text = head_of(view);
    if (explain) {
        for (const std::string& line : view.lines) {
            text += "  " + line + "\n";
        }
    }
    print(text);
    return ExitStatus::Done;
}

ExitStatus show_all(Session& session, const std::vector<StandingView>& views) {
    if (session.json()) {
        print(json_values::document(boost::json::object{
            {"standings", json_values::array_of(
                              views, [](const StandingView& view) { return view_json(view); })}}));
        return ExitStatus::Done;
    }
    Table table({{"PROVIDER"}, {"STANDING"}, {"POINTS", true}, {"BEFORE"}, {"COMPUTED"}});
    for (const StandingView& view : views) {
        table.add(cells(view.provider, view.standing));
    }
    print(table.text());
    return ExitStatus::Done;
}

ExitStatus show_history(Session& session, const std::string& provider,
                        const std::vector<Standing>& days) {
    if (session.json()) {
        print(json_values::document(
            boost::json::object{{"history", json_values::array_of(days, [&](const Standing& day) {
                                     return standing_json(provider, day);
                                 })}}));
        return ExitStatus::Done;
    }
    Table table({{"PROVIDER"}, {"STANDING"}, {"POINTS", true}, {"BEFORE"}, {"COMPUTED"}});
    for (const Standing& day : days) {
        table.add(cells(provider, day));
    }
    print(table.text());
    return ExitStatus::Done;
}

ExitStatus run_compute(Session& session) {
    if (const auto manager = session.manager(); !manager) {
        return session.report(manager.error());
    }
    const auto config = session.config();
    StandingBook book(session.environment(), standing_book_options(**config));
    const std::uint64_t count = book.compute_due(session.actor());
    print(session.json()
              ? json_values::document(boost::json::object{{"computed", count}})
              : fmt::format("computed the standing of {}\n", counted(count, "provider")));
    return ExitStatus::Done;
}

// Without a time the one on record; where there is none yet, as it would be now.
Result<StandingView> view_of(StandingBook& book, const StandingOptions& options) {
    if (!options.at.empty()) {
        const auto at = parse_time(options.at);
        return at ? book.compute(options.provider, *at)
                  : Result<StandingView>(std::unexpected(at.error()));
    }
    if (const auto latest = book.latest(options.provider)) {
        return *latest;
    }
    return book.compute(options.provider, now());
}

ExitStatus run_standing(Session& session, const StandingOptions& options) {
    if (options.compute) {
        return run_compute(session);
    }
    if (options.provider.empty() && !options.all) {
        return session.report({Errc::Malformed, "no provider: name one, or give --all"},
                              ExitStatus::Usage);
    }
    if (const auto reader = session.reader(); !reader) {
        return session.report(reader.error());
    }
    const auto config = session.config();
    StandingBook book(session.environment(), standing_book_options(**config));
    if (options.all) {
        return show_all(session, book.all());
    }
    if (options.history) {
        return show_history(session, options.provider,
                            book.history(options.provider, options.days));
    }
    const auto view = view_of(book, options);
    return view ? show(session, *view, options.explain) : session.report(view.error());
}

}  // namespace

void declare_standing_verb(CLI::App& provider_group, Run& run) {
    const auto [verb, options] = declare_with<StandingOptions>(
        provider_group, run, "standing", "Show how a provider is judged, and why", run_standing);
    auto* name = verb->add_option("PROVIDER", options->provider, "As \"provider list\" names it");
    auto* explain = verb->add_flag("--explain", options->explain,
                                   "Every input, the thresholds, the tier and what it changes");
    auto* at = verb->add_option("--at", options->at, "Computed for this time, and not written");
    auto* history =
        verb->add_flag("--history", options->history, "The days on record, newest first");
    verb->add_option("--days", options->days, "With --history: at most so many")
        ->check(CLI::Range(std::uint32_t{1}, kDaysMax))
        ->capture_default_str()
        ->needs(history);
    history->excludes(at)->excludes(explain);
    auto* all = verb->add_flag("--all", options->all, "Of every provider")
                    ->excludes(name)
                    ->excludes(at)
                    ->excludes(history);
    verb->add_flag("--compute", options->compute, "Compute what is older than a day now")
        ->excludes(name)
        ->excludes(all)
        ->excludes(at)
        ->excludes(history)
        ->excludes(explain);
}

}  // namespace fairlist::cli
