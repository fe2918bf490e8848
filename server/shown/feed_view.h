// Feed view: a feed of the configuration with what the store and its folder know of it.
#pragma once

#include "listing/manager/manager.h"
#include "server/config/config.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <vector>

namespace fairlist {

struct FeedView {
    config::Feed feed;
    FeedState state;
    std::vector<std::uint64_t> versions;  // kept, oldest first
    bool due = false;
};

[[nodiscard]] FeedView view_feed(Manager& manager, const config::Config& config,
                                 const config::Feed& feed);
[[nodiscard]] boost::json::object feed_object(const FeedView& view);

}  // namespace fairlist
