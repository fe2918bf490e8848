#include "importer/feed_folder.h"
#include "tools/fairlist/feed_access.h"
#include "tools/fairlist/import_result.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace fairlist::cli {

namespace {

using Feeds = std::vector<const config::Feed*>;
using Step = std::function<Result<importer::ImportReport>(
    importer::FeedRunner&, const importer::FeedSpec&, const importer::ImportProgress&)>;

FeedState state_of(Manager& manager, const std::string& name) {
    return manager.feed(name).value_or(FeedState{});
}

Result<Feeds> choose(const config::Config& config, Manager& manager,
                     const FeedRunOptions& options) {
    Feeds chosen;
    for (const std::string& name : options.names) {
        const auto feed = find_feed(config, name);
        if (!feed) {
            return std::unexpected(feed.error());
        }
        chosen.push_back(*feed);
    }
    for (const config::Feed& feed : config.feeds) {
        const bool due = options.due && is_due(feed, state_of(manager, feed.name), now());
        if (options.all || due) {
            chosen.push_back(&feed);
        }
    }
    return chosen;
}

void print_result(const Session& session, const ImportResult& result) {
    if (result.report) {
        const std::string remedy =
            fmt::format("put it in force with \"fairlist feed approve {}\"", result.source);
        print(import_text(result, remedy));
        return;
    }
    const Error& error = result.report.error();
    static_cast<void>(
        session.report({error.code, fmt::format("feed {}: {}", result.source, error.message)}));
}

// Takes each feed through `step`; one that fails does not stop the others.
ExitStatus run_each(Session& session, const Feeds& feeds, bool dry_run, const Step& step) {
    auto runner = make_runner(session, dry_run);
    if (!runner) {
        return session.report(runner.error());
    }
    std::vector<ImportResult> results;
    for (const config::Feed* feed : feeds) {
        const importer::FeedSpec spec = spec_of(*feed);
        results.push_back(
            {feed->name, feed->list, step(*runner, spec, progress_on_terminal(feed->name))});
        if (!session.json()) {
            print_result(session, results.back());
        }
    }
    if (session.json()) {
        print(imports_json(results));
    }
    return status_of(results);
}

Result<std::uint64_t> kept_version(const config::Config& config, const std::string& name,
                                   std::uint64_t version) {
    const auto kept = importer::kept_versions(feeds_folder(config), name);
    if (std::ranges::find(kept, version) == kept.end()) {
        return fail(Errc::NotFound,
                    fmt::format("feed {}: version {} is not kept; kept are {}", name, version,
                                kept.empty() ? "none" : fmt::format("{}", fmt::join(kept, ", "))));
    }
    return version;
}

// The newest kept version before the one in force.
Result<std::uint64_t> version_before(const config::Config& config, const FeedState& state,
                                     const std::string& name) {
    std::uint64_t before = 0;
    for (const std::uint64_t version : importer::kept_versions(feeds_folder(config), name)) {
        before = version < state.version ? std::max(before, version) : before;
    }
    if (before == 0) {
        return fail(Errc::NotFound,
                    fmt::format("feed {}: no version before {} is kept", name, state.version));
    }
    return before;
}

}  // namespace

ExitStatus run_feed_run(Session& session, const FeedRunOptions& options) {
    if (options.names.empty() != (options.due || options.all) || (options.due && options.all)) {
        return session.report({Errc::Malformed, "feed run: expected names, --due or --all"},
                              ExitStatus::Usage);
    }
    const auto manager = options.dry_run ? session.reader() : session.manager();
    if (!manager) {
        return session.report(manager.error());
    }
    const auto feeds = choose(**session.config(), **manager, options);
    if (!feeds) {
        return session.report(feeds.error());
    }
    return run_each(session, *feeds, options.dry_run,
                    [&](importer::FeedRunner& runner, const importer::FeedSpec& spec,
                        const importer::ImportProgress& progress) {
                        return runner.run(spec, {options.dry_run, false, false, progress, Actor{}});
                    });
}

ExitStatus run_feed_approve(Session& session, const std::string& name) {
    const auto config = session.config();
    if (!config) {
        return session.report(config.error());
    }
    const auto feed = find_feed(**config, name);
    if (!feed) {
        return session.report(feed.error());
    }
    return run_each(session, {*feed}, false,
                    [&](importer::FeedRunner& runner, const importer::FeedSpec& spec,
                        const importer::ImportProgress& progress) {
                        return runner.approve(spec, session.actor(), progress);
                    });
}

ExitStatus run_feed_rollback(Session& session, const FeedRollbackOptions& options) {
    const auto manager = session.manager();
    if (!manager) {
        return session.report(manager.error());
    }
    const config::Config& config = **session.config();
    const auto feed = find_feed(config, options.name);
    if (!feed) {
        return session.report(feed.error());
    }
    const auto version =
        options.version ? kept_version(config, options.name, *options.version)
                        : version_before(config, state_of(**manager, options.name), options.name);
    if (!version) {
        return session.report(version.error());
    }
    return run_each(session, {*feed}, false,
                    [&](importer::FeedRunner& runner, const importer::FeedSpec& spec,
                        const importer::ImportProgress& progress) {
                        return runner.rollback(spec, *version, session.actor(), progress);
                    });
}

}  // namespace fairlist::cli
