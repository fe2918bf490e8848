#include "tools/fairlist/feed_access.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

namespace {

std::string condition(const FeedView& view) {
    if (view.state.held) {
        return "held";
    }
    if (!view.state.last_error.empty()) {
        return "failed";
    }
    if (view.state.rolled_back) {
        return view.due ? "rolled back, due" : "rolled back";
    }
    return view.state.version == 0 ? "never imported" : view.due ? "due" : "ok";
}

std::string full_text(const FeedView& view) {
    const config::Feed& feed = view.feed;
    const FeedState& state = view.state;
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) {
            text += fmt::format("{:<12}{}\n", name, printable(value));
        }
    };
    line("feed", feed.name);
    line("list", feed.list);
    line("url", feed.url);
    line("format", feed.format.empty() ? "told by content" : feed.format);
    line("code", feed.code);
    line("reason", feed.reason);
    line("every", format_duration(feed.every_seconds));
    line("lifetime", feed.lifetime_seconds == 0 ? "" : format_duration(feed.lifetime_seconds));
    line("guard", fmt::format("loses at most {} %, grows by at most {} %",
                              feed.guard.shrink_percent_max, feed.guard.grow_percent_max));
    line("state", condition(view));
    line("", state.rolled_back ? "an older version is in force until the source has new data" : "");
    line("version", fmt::format("{}", state.version));
    line("entries", grouped(state.entries));
    line("imported", to_string(state.imported));
    line("data end", state.data_end.is_set() ? to_string(state.data_end) : "");
    line("checked", to_string(state.checked));
    line("kept", fmt::format("{}", fmt::join(view.versions, ", ")));
    line("held", state.held ? state.held_why : "");
    line("remedy", state.held ? fmt::format("fairlist feed approve {}", feed.name) : "");
    line("last error", state.last_error);
    return text;
}

std::string table_of(const std::vector<FeedView>& views) {
    Table table({{"FEED"},
                 {"LIST"},
                 {"VERSION", true},
                 {"ENTRIES", true},
                 {"IMPORTED"},
                 {"CHECKED"},
                 {"STATE"}});
    for (const FeedView& view : views) {
        table.add({view.feed.name, view.feed.list, fmt::format("{}", view.state.version),
                   grouped(view.state.entries), to_string(view.state.imported),
                   to_string(view.state.checked), condition(view)});
    }
    return table.text();
}

}  // namespace

ExitStatus run_feed_list(Session& session) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const config::Config& config = **session.config();
    std::vector<FeedView> views;
    for (const config::Feed& feed : config.feeds) {
        views.push_back(view_feed(**manager, config, feed));
    }
    print(session.json() ? feeds_json(views) : table_of(views));
    return ExitStatus::Done;
}

ExitStatus run_feed_show(Session& session, const std::string& name) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const config::Config& config = **session.config();
    const auto feed = find_feed(config, name);
    if (!feed) {
        return session.report(feed.error());
    }
    const FeedView view = view_feed(**manager, config, **feed);
    print(session.json() ? feeds_json({view}) : full_text(view));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
