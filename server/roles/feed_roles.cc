#include "server/roles/feed_roles.h"

#include <fmt/format.h>

#include <string>

namespace fairlist {

importer::FeedSpec spec_of(const config::Feed& feed) {
    importer::FeedSpec spec;
    spec.name = feed.name;
    spec.list = feed.list;
    spec.url = feed.url;
    spec.format = feed.format;
    spec.code = feed.code;
    spec.reason = feed.reason;
    spec.ttl_seconds = feed.ttl_seconds;
    spec.lifetime_seconds = feed.lifetime_seconds;
    spec.widest_v4 = feed.widest_v4;
    spec.widest_v6 = feed.widest_v6;
    spec.max_errors = feed.max_errors;
    spec.max_bytes = feed.max_bytes;
    spec.timeout_s = feed.timeout_s;
    spec.allow_private_fetch = feed.allow_private_fetch;
    spec.allow_host_bits = feed.allow_host_bits;
    spec.select = feed.select;
    spec.guard = {feed.guard.shrink_percent_max, feed.guard.grow_percent_max,
                  feed.guard.allow_empty};
    return spec;
}

std::filesystem::path feeds_folder(const config::Config& config) {
    return config.store.path / "feeds";
}

importer::RunnerOptions runner_options(const config::Config& config) {
    importer::RunnerOptions options;
    options.feeds = feeds_folder(config);
    options.protected_space = ProtectedSpace(config.do_not_list, config.protected_exceptions);
    return options;
}

Result<const config::Feed*> find_feed(const config::Config& config, std::string_view name) {
    std::string known;
    for (const config::Feed& feed : config.feeds) {
        if (feed.name == name) {
            return &feed;
        }
        known += (known.empty() ? "" : ", ") + feed.name;
    }
    return fail(Errc::NotFound, fmt::format("feed \"{}\": not in the configuration, which has {}",
                                            name, known.empty() ? "none" : known));
}

bool is_due(const config::Feed& feed, const FeedState& state, Time now) noexcept {
    return !state.checked.is_set() || now.seconds < state.checked.seconds ||
           now.seconds - state.checked.seconds >= feed.every_seconds;
}

}  // namespace fairlist
