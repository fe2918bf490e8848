#include "server/app/self_check.h"

#include "listing/index/range_tree.h"
#include "listing/index/verdict_table.h"
#include "listing/store/registry.h"
#include "tests/support/scratch_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <expected>
#include <string>
#include <vector>

namespace fairlist::app {
namespace {

constexpr Time kNow{1'700'000'000};

// Past the manager, which refuses all of this: what is checked here is a store that went wrong.
void put(store::Environment& environment, const std::string& text) {
    environment.write([&](store::WriteTxn& txn) {
        const auto registered = store::find_list(txn, "sbl");
        const ListId list =
            registered ? registered->id : store::register_list(txn, "sbl", ListKind::Address).id;
        const Prefix prefix = *parse_prefix(text);
        const store::Mark mark{.verdict = index::intern_verdict(txn, {}),
                               .exempt = false,
                               .list = list,
                               .source = store::intern_source(txn, "manual"),
                               .since = kNow,
                               .until = {}};
        index::RangeTree(txn).edit(prefix, [&](std::vector<index::NodeItem>& items) {
            items.push_back({prefix, mark});
            return true;
        });
    });
}

Result<void> check(store::Environment& environment, ListKind kind) {
    ListSpec list;
    list.name = "sbl";
    list.kind = kind;
    ZoneSpec zone;
    zone.origin = *parse_domain("bl.example");
    zone.soa.mname = "ns1.bl.example";
    zone.soa.rname = "hostmaster.bl.example";
    zone.name_servers = {"ns1.bl.example"};
    zone.lists = {"sbl"};
    const auto table =
        answer::make_zone_table({.lists = {list}, .zones = {zone}, .version = {}, .nsid = {}});
    if (!table) {
        return std::unexpected(table.error());
    }
    answer::View view(environment, *table);
    view.begin(kNow);
    Result<void> checked = check_test_points((*table)->zones().front(), view);
    view.end();
    return checked;
}

struct EntryCase {
    std::string name;
    std::vector<std::string> entries;
    std::string error;  // empty: the zone may be served
};

class SelfCheck : public testing::TestWithParam<EntryCase> {};

TEST_P(SelfCheck, Entries) {
    const EntryCase& c = GetParam();
    test::ScratchStore scratch;
    scratch.add_list("sbl");
    for (const std::string& entry : c.entries) {
        put(scratch.environment(), entry);
    }
    const Result<void> checked = check(scratch.environment(), ListKind::Address);
    if (c.error.empty()) {
        EXPECT_TRUE(checked.has_value()) << checked.error().message;
        return;
    }
    ASSERT_FALSE(checked.has_value());
    EXPECT_THAT(checked.error().message, testing::HasSubstr(c.error));
}

INSTANTIATE_TEST_SUITE_P(
    Table, SelfCheck,
    testing::Values(EntryCase{"empty_store", {}, ""},
                    EntryCase{"usual", {"192.0.2.1", "198.51.100.0/24", "2001:db8::/32"}, ""},
                    EntryCase{"near_loopback", {"127.0.0.3", "128.0.0.0/2"}, ""},
                    EntryCase{"loopback", {"127.0.0.1"}, R"(list "sbl" holds 127.0.0.1)"},
                    EntryCase{
                        "loopback_network", {"127.0.0.0/8"}, R"(list "sbl" holds 127.0.0.0/8)"},
                    EntryCase{"all_of_ipv4", {"0.0.0.0/0"}, R"(list "sbl" holds 0.0.0.0/0)"},
                    EntryCase{"ipv6_loopback", {"::1"}, R"(list "sbl" holds ::1)"},
                    EntryCase{"wide_ipv6", {"::/8"}, "must never be listed"}),
    [](const auto& param) { return param.param.name; });

TEST(SelfCheckKinds, DomainZoneHasItsOwnTestPoints) {
    test::ScratchStore scratch;
    scratch.add_list("sbl", ListKind::Domain);
    EXPECT_TRUE(check(scratch.environment(), ListKind::Domain).has_value());
}

TEST(SelfCheckKinds, HashZoneHasNone) {
    test::ScratchStore scratch;
    scratch.add_list("sbl", ListKind::Hash);
    EXPECT_TRUE(check(scratch.environment(), ListKind::Hash).has_value());
}

}  // namespace
}  // namespace fairlist::app
