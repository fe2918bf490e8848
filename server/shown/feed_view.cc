#include "server/shown/feed_view.h"

#include "importer/feed_folder.h"
#include "importer/fetch/url.h"
#include "server/roles/feed_roles.h"
#include "server/shown/json_values.h"
#include "server/shown/site_json.h"

#include <boost/json/array.hpp>

#include <string>

namespace fairlist {

namespace json = boost::json;
using namespace json_values;

namespace {

// Without the user name and password that a URL may hold.
std::string shown_url(const std::string& url) {
    const auto parsed = importer::parse_url(url);
    return parsed ? parsed->shown : url;
}

}  // namespace

FeedView view_feed(Manager& manager, const config::Config& config, const config::Feed& feed) {
    FeedView view{feed, manager.feed(feed.name).value_or(FeedState{}), {}, false};
    view.feed.url = shown_url(feed.url);
    view.versions = importer::kept_versions(feeds_folder(config), feed.name);
    view.due = is_due(feed, view.state, now());
    return view;
}

json::object feed_object(const FeedView& view) {
    json::object out = feed_state_object(view.state);
    out["name"] = text(view.feed.name);
    out["list"] = text(view.feed.list);
    out["url"] = text(view.feed.url);
    out["format"] = text_or_null(view.feed.format);
    out["every_seconds"] = view.feed.every_seconds;
    out["due"] = view.due;
    out["versions"] = array_of(view.versions, [](std::uint64_t version) { return version; });
    return out;
}

}  // namespace fairlist
