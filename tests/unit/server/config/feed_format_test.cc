#include "server/config/feed_format.h"

#include "importer/formats/format.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fairlist::config {
namespace {

// The configuration may not include the importer, so each has a table; this is what binds them.
TEST(ConfigFeedFormat, IsTheTableOfTheImporter) {
    const auto theirs = importer::formats();
    ASSERT_EQ(feed_formats().size(), theirs.size());
    for (std::size_t i = 0; i < theirs.size(); ++i) {
        const FeedFormat& mine = feed_formats()[i];
        EXPECT_EQ(mine.name, theirs[i].name);
        EXPECT_EQ(mine.kind, theirs[i].kind) << mine.name;
        EXPECT_TRUE(std::ranges::equal(mine.attributes, theirs[i].attributes)) << mine.name;
    }
}

}  // namespace
}  // namespace fairlist::config
