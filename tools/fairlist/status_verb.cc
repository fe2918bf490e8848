#include "tools/fairlist/feed_access.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

namespace {

// A source that was imported by hand has no feed to approve.
std::string held_remedy(const config::Config& config, const std::string& source) {
    return find_feed(config, source) ? fmt::format("see \"fairlist feed show {}\"", source)
                                     : "import it again with --yes";
}

// A source that left the configuration, or was imported once, counts while it has entries.
std::vector<FeedState> feeds_that_count(const std::vector<FeedState>& feeds,
                                        const config::Config& config) {
    std::vector<FeedState> counting;
    std::ranges::copy_if(feeds, std::back_inserter(counting), [&](const FeedState& feed) {
        return feed.entries != 0 || find_feed(config, feed.name).has_value();
    });
    return counting;
}

std::string text_of(const StatusReport& report, const config::Config& config) {
    const StoreStatus& status = report.status;
    const double use = status.map_bytes == 0 ? 0
                                             : 100.0 * static_cast<double>(status.file_bytes) /
                                                   static_cast<double>(status.map_bytes);
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        text += fmt::format("{:<14}{}\n", name, value);
    };
    line("store", printable(report.store));
    line("format", fmt::format("{}", status.format_version));
    line("journal head", fmt::format("{}", status.journal_head));
    line("entries", grouped(status.entries));
    line("verdicts", grouped(status.verdicts));
    line("file", fmt::format("{}, {:.1f} % of the map of {}", bytes_text(status.file_bytes), use,
                             bytes_text(status.map_bytes)));
    line("readers", fmt::format("{}", status.readers));
    line("lists, zones", fmt::format("{}, {}", report.lists, report.zones));
    std::size_t troubled = 0;
    for (const FeedState& feed : report.feeds) {
        troubled += feed.held || !feed.last_error.empty() ? 1U : 0U;
        if (feed.held) {
            line("feed held", fmt::format("{}: {}; {}", feed.name, printable(feed.held_why),
                                          held_remedy(config, feed.name)));
        }
        if (!feed.last_error.empty()) {
            line("feed failed", feed.name + ": " + printable(feed.last_error));
        }
    }
    line("feeds", fmt::format("{}, {} with problems", report.feeds.size(), troubled));
    return text;
}

}  // namespace

ExitStatus run_status(Session& session) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const config::Config& config = **session.config();
    const StatusReport report{config.store.path.string(), (*manager)->status(), config.lists.size(),
                              config.zones.size(), feeds_that_count((*manager)->feeds(), config)};
    print(session.json() ? status_json(report) : text_of(report, config));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
