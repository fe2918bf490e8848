#include "server/roles/provider_options.h"

#include <gtest/gtest.h>

namespace fairlist {
namespace {

TEST(PolicyOptions, AreWhatTheConfigurationSays) {
    const config::Loaded loaded = config::load_text(R"(
[store]
path = "store"
journal_keep_days = 3
journal_keep_mib = 7

[protected]
do_not_list = ["11.1.0.0/16"]

[[list]]
name = "pbl"
[[list]]
name = "dnswl"

[policy]
list = "pbl"
provider_code = "127.0.0.20"
operator_code = "127.0.0.21"
quarantine_code = "127.0.0.22"
allow_list = "dnswl"
fresh = "10d"
shrink_percent = 20
grow_percent = 30
)",
                                                    "fairlist.toml");
    ASSERT_TRUE(loaded.faults.empty()) << config::to_string(loaded.faults.front());
    const PolicyBookOptions options = policy_book_options(loaded.config);
    EXPECT_EQ(options.lists.size(), 2U);
    EXPECT_EQ(options.rules.list, "pbl");
    EXPECT_EQ(to_string(options.rules.provider_code), "127.0.0.20");
    EXPECT_EQ(to_string(options.rules.operator_code), "127.0.0.21");
    EXPECT_EQ(to_string(options.rules.quarantine_code), "127.0.0.22");
    EXPECT_EQ(options.rules.allow_list, "dnswl");
    EXPECT_EQ(options.rules.fresh_seconds, 10U * 86400U);
    EXPECT_EQ(options.rules.shrink_percent_max, 20U);
    EXPECT_EQ(options.rules.grow_percent_max, 30U);
    EXPECT_EQ(options.journal.keep_seconds, 3U * 86400U);
    EXPECT_EQ(options.journal.keep_bytes, 7ULL << 20U);
    EXPECT_FALSE(options.protected_space.refusal(parse_prefix("11.1.2.3").value()).empty());
    EXPECT_TRUE(options.clock().is_set());
}

TEST(PolicyOptions, WithoutTheTablePoliciesListNothing) {
    const config::Loaded loaded =
        config::load_text("store.path = \"s\"\n[[list]]\nname = \"pbl\"\n", "fairlist.toml");
    const PolicyBookOptions options = policy_book_options(loaded.config);
    EXPECT_TRUE(options.rules.list.empty());
    EXPECT_TRUE(options.rules.allow_list.empty());
    EXPECT_EQ(to_string(options.rules.provider_code), "127.0.0.10");
    EXPECT_EQ(to_string(options.rules.operator_code), "127.0.0.11");
}

}  // namespace
}  // namespace fairlist
