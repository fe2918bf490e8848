#include "server/api/site_metrics.h"

#include <algorithm>
#include <utility>

namespace fairlist::api {

namespace {

Metric gauge(std::string name, std::string help, std::uint64_t value) {
    return {.name = std::move(name),
            .help = std::move(help),
            .samples = {{{}, static_cast<double>(value)}}};
}

Metric entries_metric(const std::vector<ListStatus>& lists) {
    Metric metric{.name = "fairlist_zone_entries", .help = "Entries and exemptions of each list"};
    for (const ListStatus& list : lists) {
        metric.samples.push_back(
            {{{"list", list.spec.name}, {"kind", "entry"}}, static_cast<double>(list.entries)});
        metric.samples.push_back({{{"list", list.spec.name}, {"kind", "exemption"}},
                                  static_cast<double>(list.exemptions)});
    }
    return metric;
}

// Of the feeds of the configuration: others are what somebody imported by hand.
Metric feeds_metric(Call& call) {
    Metric metric{.name = "fairlist_feed_last_success_timestamp_seconds",
                  .help = "When the feed was last looked at without an error"};
    for (const FeedState& feed : call.books.manager.feeds()) {
        const auto& feeds = call.config().feeds;
        const bool is_known =
            std::ranges::find(feeds, feed.name, &config::Feed::name) != feeds.end();
        if (is_known && feed.last_error.empty()) {
            metric.samples.push_back(
                {{{"feed", feed.name}}, static_cast<double>(feed.checked.seconds)});
        }
    }
    return metric;
}

}  // namespace

std::vector<Metric> site_metrics(Call& call, const std::string& version) {
    const StoreStatus store = call.books.manager.status();
    const VaultStatus vault = call.stores.vault.status();
    return {
        {.name = "fairlist_build_info",
         .help = "The version of the program",
         .samples = {{{{"version", version}}, 1}}},
        entries_metric(call.books.manager.lists()),
        gauge("fairlist_zone_serial", "Number of the last change of the index", store.journal_head),
        gauge("fairlist_lmdb_map_bytes", "Address space of the store", store.map_bytes),
        gauge("fairlist_lmdb_used_bytes", "Pages in use in the store", store.file_bytes),
        gauge("fairlist_lmdb_readers", "Readers of the store", store.readers),
        gauge("fairlist_trap_mails", "Mails that are kept in the vault", vault.mails),
        gauge("fairlist_trap_mails_queued", "Mails that wait to be judged", vault.queued),
        gauge("fairlist_trap_mails_parked", "Mails that cannot be judged", vault.parked),
        gauge("fairlist_tokens", "Tokens of the API", vault.tokens),
        feeds_metric(call),
    };
}

}  // namespace fairlist::api
