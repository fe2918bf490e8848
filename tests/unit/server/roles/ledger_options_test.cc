#include "server/roles/ledger_options.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist {
namespace {

TEST(LedgerOptions, AreWhatTheConfigurationSays) {
    const config::Loaded loaded = config::load_text(R"(
[store]
path = "store"
journal_keep_days = 3
journal_keep_mib = 7

[protected]
do_not_list = ["11.1.0.0/16"]
allow = ["192.0.2.0/24"]

[trap]
known_good = ["11.2.0.0/16"]
do_not_list_domains = ["Good.Example"]
keep_hits = "20d"

[[list]]
name = "css"
code = "127.0.0.3"

[[rule]]
name = "css"
list = "css"
hits = 3
traps = 2
window = "1d"

[[space]]
prefix = "11.3.0.0/24"
use = "assigned"
)",
                                                    "fairlist.toml");
    ASSERT_TRUE(loaded.faults.empty()) << config::to_string(loaded.faults.front());
    const LedgerOptions options = ledger_options(loaded.config);
    ASSERT_EQ(options.lists.size(), 1U);
    EXPECT_EQ(options.lists[0].name, "css");
    EXPECT_EQ(options.journal.keep_seconds, 3U * 86400U);
    EXPECT_EQ(options.journal.keep_bytes, 7ULL << 20U);
    EXPECT_EQ(options.keep_hits_seconds, 20U * 86400U);
    ASSERT_EQ(options.known_good.size(), 1U);
    EXPECT_EQ(to_string(options.known_good[0]), "11.2.0.0/16");
    ASSERT_EQ(options.do_not_list_domains.size(), 1U);
    EXPECT_EQ(options.do_not_list_domains[0].text(), "good.example");
    EXPECT_FALSE(options.protected_space.refusal(parse_prefix("11.1.2.3").value()).empty());
    EXPECT_TRUE(options.protected_space.refusal(parse_prefix("192.0.2.1").value()).empty());
    ASSERT_EQ(options.rules.size(), 1U);
    EXPECT_EQ(options.rules[0].hits, 3U);
    const SpaceRange* range = options.space.find(parse_prefix("11.3.0.9").value());
    ASSERT_NE(range, nullptr);
    EXPECT_EQ(range->use, SpaceUse::Assigned);
    EXPECT_TRUE(options.clock().is_set());
}

}  // namespace
}  // namespace fairlist
