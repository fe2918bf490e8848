#include "tools/fairlist/feed_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace fairlist::cli {
namespace {

struct DueCase {
    std::string name;
    std::uint32_t checked;  // 0: never
    std::uint32_t now;
    bool due;
};

class Due : public testing::TestWithParam<DueCase> {};

TEST_P(Due, WhenNotLookedAtForAsLongAsEvery) {
    config::Feed feed;
    feed.every_seconds = 3600;
    FeedState state;
    state.checked = Time{GetParam().checked};
    EXPECT_EQ(is_due(feed, state, Time{GetParam().now}), GetParam().due);
}

INSTANTIATE_TEST_SUITE_P(FeedAccess, Due,
                         testing::Values(DueCase{"never", 0, 10000, true},
                                         DueCase{"just_now", 10000, 10000, false},
                                         DueCase{"a_second_early", 10000, 13599, false},
                                         DueCase{"on_time", 10000, 13600, true},
                                         DueCase{"clock_went_back", 10000, 9999, true}),
                         [](const auto& param) { return param.param.name; });

TEST(FeedAccess, UnknownFeedNamesThoseThereAre) {
    config::Config config;
    config.feeds.resize(2);
    config.feeds[0].name = "drop";
    config.feeds[1].name = "bots";
    EXPECT_EQ(find_feed(config, "bots").value()->name, "bots");
    const auto unknown = find_feed(config, "dorp");
    ASSERT_FALSE(unknown.has_value());
    EXPECT_THAT(unknown.error().message, testing::HasSubstr("drop, bots"));
}

TEST(FeedAccess, EverySettingReachesTheImporter) {
    config::Feed feed;
    feed.name = "drop";
    feed.list = "sbl";
    feed.url = "https://a.example/";
    feed.format = "cidr";
    feed.code = "127.0.0.9";
    feed.reason = "why";
    feed.ttl_seconds = 1;
    feed.lifetime_seconds = 2;
    feed.widest_v4 = 3;
    feed.widest_v6 = 4;
    feed.max_errors = 5;
    feed.max_bytes = 6;
    feed.timeout_s = 7;
    feed.allow_private_fetch = true;
    feed.allow_host_bits = true;
    feed.select = {"service=EC2"};
    feed.guard = {8, 9, true};
    const importer::FeedSpec spec = spec_of(feed);
    EXPECT_EQ(spec.name, "drop");
    EXPECT_EQ(spec.list, "sbl");
    EXPECT_EQ(spec.url, "https://a.example/");
    EXPECT_EQ(spec.format, "cidr");
    EXPECT_EQ(spec.code, "127.0.0.9");
    EXPECT_EQ(spec.reason, "why");
    EXPECT_EQ(spec.ttl_seconds, 1U);
    EXPECT_EQ(spec.lifetime_seconds, 2U);
    EXPECT_EQ(spec.widest_v4, 3U);
    EXPECT_EQ(spec.widest_v6, 4U);
    EXPECT_EQ(spec.max_errors, 5U);
    EXPECT_EQ(spec.max_bytes, 6U);
    EXPECT_EQ(spec.timeout_s, 7U);
    EXPECT_TRUE(spec.allow_private_fetch);
    EXPECT_TRUE(spec.allow_host_bits);
    EXPECT_THAT(spec.select, testing::ElementsAre("service=EC2"));
    EXPECT_EQ(spec.guard.shrink_percent_max, 8U);
    EXPECT_EQ(spec.guard.grow_percent_max, 9U);
    EXPECT_TRUE(spec.guard.allow_empty);
}

}  // namespace
}  // namespace fairlist::cli
