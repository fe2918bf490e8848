#include "tests/unit/server/config/fault_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::config {
namespace {

using testing::ElementsAre;

// The line on which a row's own text starts is in its suite's name for the prefix.
constexpr std::string_view kFrom2 = "store.path = \"s\"\n";
constexpr std::string_view kServerFrom4 = R"(store.path = "s"
[server]
listen = ["127.0.0.1:53"]
)";
constexpr std::string_view kListFrom4 = R"(store.path = "s"
[[list]]
name = "sbl"
)";
constexpr std::string_view kZoneFrom8 = R"(store.path = "s"
[[list]]
name = "sbl"
[[zone]]
name = "bl.example"
lists = ["sbl"]
ns = ["ns.example"]
)";
constexpr std::string_view kFeedFrom8 = R"(store.path = "s"
[[list]]
name = "sbl"
[[feed]]
name = "drop"
list = "sbl"
url = "drop.txt"
)";

class ConfigFaults : public testing::TestWithParam<FaultRow> {};

TEST_P(ConfigFaults, AreFoundWhereTheyStand) {
    expect_faults(GetParam());
}

// "a.a.a" with so many dots.
std::string dotted_key(int dots) {
    std::string key = "a";
    for (int i = 0; i < dots; ++i) {
        key += ".a";
    }
    return key;
}

const std::vector<FaultRow> kSyntaxRows = {
    {"value_missing", kFrom2, "a =\n", {"2:4 : Error while parsing key-value pair"}},
    {"key_twice", kFrom2, "[log]\nlevel = \"info\"\nlevel = \"info\"\n", {"4:9 : Error"}},
    {"header_unclosed", kFrom2, "[log\n", {"2:5 : Error while parsing table header"}},
    {"bad_utf8", kFrom2, "# \xFF\n", {"2:2 : Encountered invalid utf-8"}},
    {"line_too_long",
     kFrom2,
     "# " + std::string(9000, 'x'),
     {"2:1 : line longer than 8192 bytes: break arrays over several lines"}},
    // toml++ 3.3 ends in a stack overflow on this one.
    {"dotted_key_without_end",
     kFrom2,
     dotted_key(64000) + " = 1",
     {"2:1 : line longer than 8192 bytes"}},
};
INSTANTIATE_TEST_SUITE_P(Syntax, ConfigFaults, testing::ValuesIn(kSyntaxRows), row_name);

const std::vector<FaultRow> kShapeRows = {
    {"nothing_but_a_store", kFrom2, "", {}},
    {"no_store", "", "", {"0:0 store: missing: a table [store] with path"}},
    {"store_without_path", "", "[store]\n", {"1:1 store.path: missing"}},
    {"unknown_table", kFrom2, "[serve]\n", {"2:2 serve: unknown key (did you mean \"server\"?)"}},
    {"unknown_key_far_from_all",
     kServerFrom4,
     "colour = 1\n",
     {"4:1 server.colour: unknown key (known here: roles, listen, workers, nsid, version, "
      "cookie_secret_file, udp_payload_bytes_max, busy_poll_us, xdp)"}},
    {"unknown_key_in_an_array",
     kZoneFrom8,
     "soa = { refesh = \"1h\" }\n",
     {"8:9 zone[0].soa.refesh: unknown key (did you mean \"refresh\"?)"}},
    {"hyphen_for_underscore",
     kServerFrom4,
     "udp-payload-bytes-max = 1232\n",
     {"4:1 server.udp-payload-bytes-max: unknown key (did you mean \"udp_payload_bytes_max\"?)"}},
    {"table_for_tables",
     kFrom2,
     "[zone]\n",
     {"2:1 zone: expected tables, found a table: write [[zone]]"}},
    {"tables_for_table",
     kFrom2,
     "[[log]]\n",
     {"2:1 log: expected one table, found an array: write [log]"}},
    {"inner_table_for_tables",
     kZoneFrom8,
     "[zone.record]\n",
     {"8:1 zone[0].record: expected tables, found a table: write [[zone.record]]"}},
    {"array_of_numbers_for_tables",
     kFrom2,
     "list = [1]\n",
     {"2:9 list[0]: 1: expected a table, found an integer"}},
    {"string_for_number",
     kServerFrom4,
     "workers = \"4\"\n",
     {"4:11 server.workers: \"4\": expected an integer, found a string"}},
    {"float_for_number",
     kServerFrom4,
     "workers = 4.0\n",
     {"4:11 server.workers: expected an integer, found a float"}},
    {"number_for_string",
     kServerFrom4,
     "nsid = 4\n",
     {"4:8 server.nsid: 4: expected a string, found an integer"}},
    {"string_for_boolean",
     kListFrom4,
     "foreign_codes = \"yes\"\n",
     {"4:17 list[0].foreign_codes: \"yes\": expected a boolean, found a string"}},
    {"string_for_array",
     kFrom2,
     "[server]\nlisten = \"127.0.0.1\"\n",
     {"3:10 server.listen: \"127.0.0.1\": expected an array, found a string"}},
    {"date_for_duration",
     kListFrom4,
     "ttl = 2026-11-21\n",
     {"4:7 list[0].ttl: expected a string, found a date or time"}},
};
INSTANTIATE_TEST_SUITE_P(Shape, ConfigFaults, testing::ValuesIn(kShapeRows), row_name);

const std::vector<FaultRow> kServerRows = {
    {"server_without_listen", kFrom2, "[server]\n", {"2:1 server.listen: missing"}},
    {"listen_empty",
     kFrom2,
     "[server]\nlisten = []\n",
     {"3:10 server.listen: empty: at least one listener is needed"}},
    {"listeners",
     kFrom2,
     "[server]\nlisten = [\"192.0.2.1\", \"::\", \"[2001:db8::1]\", \"[::1]:5353\"]\n",
     {}},
    {"listener_bracket_open",
     kFrom2,
     "[server]\nlisten = [\"[::1:53\"]\n",
     {"3:11 server.listen[0]: \"[::1:53\": expected an address and a port"}},
    {"listener_port_missing",
     kFrom2,
     "[server]\nlisten = [\"192.0.2.1:\"]\n",
     {"3:11 server.listen[0]: \"192.0.2.1:\": expected an address and a port"}},
    {"listener_by_name",
     kFrom2,
     "[server]\nlisten = [\"localhost:53\"]\n",
     {"3:11 server.listen[0]: \"localhost:53\": expected an address and a port, such as "
      "\"192.0.2.1:53\" or \"[2001:db8::1]:53\""}},
    {"listener_port_too_large",
     kFrom2,
     "[server]\nlisten = [\"127.0.0.1:65536\"]\n",
     {"3:11 server.listen[0]: \"127.0.0.1:65536\""}},
    {"listener_twice",
     kFrom2,
     "[server]\nlisten = [\"127.0.0.1\",\n\"127.0.0.1:53\", \"127.0.0.1:54\"]\n",
     {"4:1 server.listen[1]: named twice"}},
    {"listener_twice_by_another_writing",
     kFrom2,
     "[server]\nlisten = [\"[2001:db8:0::1]:53\", \"[2001:DB8::1]:53\"]\n",
     {"3:33 server.listen[1]: named twice"}},
    {"port_0_twice", kFrom2, "[server]\nlisten = [\"127.0.0.1:0\", \"127.0.0.1:0\"]\n", {}},
    {"busy_poll_longest", kServerFrom4, "busy_poll_us = 10000\n", {}},
    {"busy_poll_too_long",
     kServerFrom4,
     "busy_poll_us = 10001\n",
     {"4:16 server.busy_poll_us: 10001: above the limit of 10000"}},
    {"payload_least", kServerFrom4, "udp_payload_bytes_max = 512\n", {}},
    {"payload_below",
     kServerFrom4,
     "udp_payload_bytes_max = 511\n",
     {"4:25 server.udp_payload_bytes_max: 511: below the limit of 512"}},
    {"payload_above",
     kServerFrom4,
     "udp_payload_bytes_max = 4097\n",
     {"4:25 server.udp_payload_bytes_max: 4097: above the limit of 4096"}},
    {"xdp_keys_without_interface",
     kServerFrom4,
     "[server.xdp]\nqueues = 2\n",
     {"4:1 server.xdp.interface: missing: the other keys say how to serve on it"}},
    {"xdp_interface_name_too_long",
     kServerFrom4,
     "[server.xdp]\ninterface = \"sixteen_letters_\"\n",
     {"5:13 server.xdp.interface: \"sixteen_letters_\": 16 bytes, the limit is 15"}},
    {"xdp_mode",
     kServerFrom4,
     "[server.xdp]\ninterface = \"eth0\"\nmode = \"nativ\"\n",
     {"6:8 server.xdp.mode: \"nativ\""}},
    {"xdp_zero_copy",
     kServerFrom4,
     "[server.xdp]\ninterface = \"eth0\"\nzero_copy = true\n",
     {"6:13 server.xdp.zero_copy: true: expected a string, found a boolean"}},
    {"xdp_queues_and_an_unknown_key",
     kServerFrom4,
     "[server.xdp]\ninterface = \"eth0\"\nqueues = 1025\nqueue = 1\n",
     {"6:10 server.xdp.queues: 1025: above the limit of 1024",
      "7:1 server.xdp.queue: unknown key (did you mean \"queues\"?)"}},
    {"workers_negative",
     kServerFrom4,
     "workers = -1\n",
     {"4:11 server.workers: -1: below the limit of 0"}},
    {"nsid_too_long",
     kServerFrom4,
     "nsid = \"" + std::string(129, 'x') + "\"\n",
     {"4:8 server.nsid: \"" + std::string(64, 'x') + "...\": 129 bytes, the limit is 128"}},
    {"version_with_a_tab",
     kServerFrom4,
     "version = \"a\\tb\"\n",
     {"4:11 server.version: \"a?b\": control characters are not allowed"}},
    {"map_size_above",
     "",
     "[store]\npath = \"s\"\nmap_size_mib = 16777217\n",
     {"3:16 store.map_size_mib: 16777217: above the limit of 16777216"}},
    {"store_path_empty",
     "",
     "[store]\npath = \"\"\n",
     {"2:8 store.path: \"\": expected the name of a file or folder"}},
    {"more_per_client_than_in_all",
     kFrom2,
     "[limits]\ntcp_connections = 10\n",
     {"2:1 limits.tcp_connections_per_client: 50: above tcp_connections (10)"}},
    {"idle_longer_than_total",
     kFrom2,
     "[limits]\ntcp_idle_timeout_ms = 60000\ntcp_total_timeout = 30\n",
     {"3:23 limits.tcp_idle_timeout_ms: 60000: above tcp_total_timeout (30s)"}},
    {"log_level",
     kFrom2,
     "[log]\nlevel = \"warn\"\n",
     {"3:9 log.level: \"warn\": expected debug, info, warning, error"}},
};
INSTANTIATE_TEST_SUITE_P(Server, ConfigFaults, testing::ValuesIn(kServerRows), row_name);

const std::vector<FaultRow> kListRows = {
    {"name_alone", kListFrom4, "", {}},
    {"name_missing", kFrom2, "[[list]]\n", {"2:1 list[0].name: missing"}},
    {"name_in_capitals",
     kFrom2,
     "[[list]]\nname = \"SBL\"\n",
     {"3:8 list[0].name: name \"SBL\": expected 1 to 32 of a-z 0-9 _ -"}},
    {"name_twice",
     kListFrom4,
     "[[list]]\nname = \"sbl\"\n",
     {"5:8 list[1].name: \"sbl\": there is a list of this name at c.toml:3:8"}},
    {"kind",
     kListFrom4,
     "kind = \"adress\"\n",
     {"4:8 list[0].kind: \"adress\": expected address, domain, hash (did you mean \"address\"?)"}},
    {"code_of_one_octet", kListFrom4, "code = 4\n", {}},
    {"code_127_0_0_1",
     kListFrom4,
     "code = \"127.0.0.1\"\n",
     {"4:8 list[0].code: code 127.0.0.1: must lie in 127/8"}},
    {"code_of_a_service",
     kListFrom4,
     "code = \"127.255.255.254\"\n",
     {"4:8 list[0].code: code 127.255.255.254: must lie in 127/8"}},
    {"code_foreign", kListFrom4, "code = \"10.0.0.1\"\n", {"4:8 list[0].code: code 10.0.0.1"}},
    {"code_foreign_allowed", kListFrom4, "code = \"10.0.0.1\"\nforeign_codes = true\n", {}},
    {"code_malformed",
     kListFrom4,
     "code = \"127.0.0\"\n",
     {"4:8 list[0].code: code \"127.0.0\": expected 127.0.0.2 or 2"}},
    {"reason", kListFrom4, "reason = \"{address} {{x} {reason}\"\n", {}},
    {"reason_placeholder",
     kListFrom4,
     "reason = \"{adress}\"\n",
     {"4:10 list[0].reason: \"{adress}\": no such placeholder here, expected {address}"}},
    {"reason_longest", kListFrom4, "reason = \"" + std::string(1000, 'x') + "\"\n", {}},
    {"reason_too_long",
     kListFrom4,
     "reason = \"" + std::string(1001, 'x') + "\"\n",
     {"4:10 list[0].reason: \"" + std::string(64, 'x') + "...\": 1001 bytes, the limit is 1000"}},
    {"ttl_longest", kListFrom4, "ttl = \"7d\"\n", {}},
    {"ttl_in_seconds", kListFrom4, "ttl = 604800\n", {}},
    {"ttl_too_long",
     kListFrom4,
     "ttl = \"40d\"\n",
     {"4:7 list[0].ttl: \"40d\": above the limit of 1w"}},
    {"ttl_too_long_in_seconds",
     kListFrom4,
     "ttl = 604801\n",
     {"4:7 list[0].ttl: 604801: above the limit of 1w"}},
    {"ttl_negative", kListFrom4, "ttl = -1\n", {"4:7 list[0].ttl: duration \"-1\": expected"}},
    {"ttl_in_months", kListFrom4, "ttl = \"1y\"\n", {"4:7 list[0].ttl: duration \"1y\": expected"}},
    {"octet_step_of_addresses", kListFrom4, "match = \"octet-step\"\n", {}},
    {"octet_step_of_domains",
     kListFrom4,
     "kind = \"domain\"\nmatch = \"octet-step\"\n",
     {"5:9 list[0].match: \"octet-step\": for lists of kind address only"}},
};
INSTANTIATE_TEST_SUITE_P(Lists, ConfigFaults, testing::ValuesIn(kListRows), row_name);

const std::vector<FaultRow> kFeedRows = {
    {"least", kFeedFrom8, "", {}},
    {"nothing_given",
     kFrom2,
     "[[feed]]\n",
     {"2:1 feed[0].name: missing", "2:1 feed[0].list: missing", "2:1 feed[0].url: missing"}},
    {"name_twice",
     kFeedFrom8,
     "[[feed]]\nname = \"drop\"\nlist = \"sbl\"\nurl = \"x\"\n",
     {"9:8 feed[1].name: \"drop\": there is a feed of this name at c.toml:5:8"}},
    {"list_unknown",
     kFeedFrom8,
     "[[feed]]\nname = \"x\"\nlist = \"sbi\"\nurl = \"x\"\n",
     {"10:8 feed[1].list: \"sbi\": no such list (did you mean \"sbl\"?)"}},
    {"url_of_ftp",
     kFeedFrom8,
     "[[feed]]\nname = \"x\"\nlist = \"sbl\"\nurl = \"ftp://feed.example/x\"\n",
     {"11:7 feed[1].url: \"ftp://feed.example/x\": expected https://..., http://..., file:/... "
      "or a path"}},
    {"url_without_host",
     kFeedFrom8,
     "[[feed]]\nname = \"x\"\nlist = \"sbl\"\nurl = \"https:///x\"\n",
     {"11:7 feed[1].url: \"https:///x\": expected a host"}},
    {"url_of_a_relative_file",
     kFeedFrom8,
     "[[feed]]\nname = \"x\"\nlist = \"sbl\"\nurl = \"file:x\"\n",
     {"11:7 feed[1].url: \"file:x\": expected https://..."}},
    {"url_of_rsync",
     kFeedFrom8,
     "[[feed]]\nname = \"x\"\nlist = \"sbl\"\nurl = \"rsync://feed.example/lists/x\"\n",
     {}},
    {"url_of_rsync_without_path",
     kFeedFrom8,
     "[[feed]]\nname = \"x\"\nlist = \"sbl\"\nurl = \"rsync://feed.example\"\n",
     {"11:7 feed[1].url: \"rsync://feed.example\": expected rsync://HOST/MODULE/PATH"}},
    {"url_of_a_file",
     kFeedFrom8,
     "[[feed]]\nname = \"x\"\nlist = \"sbl\"\nurl = \"file:///x\"\n",
     {}},
    {"format_of_the_kind", kFeedFrom8, "format = \"cidr\"\n", {}},
    {"format_of_any_kind", kFeedFrom8, "format = \"csv\"\n", {}},
    {"format_of_another_kind",
     kFeedFrom8,
     "format = \"hosts\"\n",
     {"8:10 feed[0].format: \"hosts\": fills lists of kind domain, but list \"sbl\" is of kind "
      "address"}},
    {"format_unknown",
     kFeedFrom8,
     "format = \"cird\"\n",
     {"8:10 feed[0].format: \"cird\": no such format, expected rbldnsd, "}},
    {"code_foreign",
     kFeedFrom8,
     "code = \"10.0.0.1\"\n",
     {"8:8 feed[0].code: code 10.0.0.1: must lie in 127/8"}},
    {"code_foreign_allowed_by_the_list",
     kFrom2,
     "[[list]]\nname = \"x\"\nforeign_codes = true\n[[feed]]\nname = \"x\"\nlist = \"x\"\n"
     "url = \"x\"\ncode = \"10.0.0.1\"\n",
     {}},
    {"select", kFeedFrom8, "format = \"aws\"\nselect = [\"service=EC2\"]\n", {}},
    {"select_without_value",
     kFeedFrom8,
     "select = [\"service=\"]\n",
     {"8:11 feed[0].select[0]: \"service=\": expected attribute=value, such as \"service=EC2\""}},
    {"select_of_another_format",
     kFeedFrom8,
     "format = \"aws\"\nselect = [\"service=EC2\", \"country=DE\"]\n",
     {"9:26 feed[0].select[1]: \"country=DE\": expected an attribute among "
      "network_border_group, region, service"}},
    {"select_of_no_format",
     kFeedFrom8,
     "select = [\"colour=red\"]\n",
     {"8:11 feed[0].select[0]: \"colour=red\": expected an attribute among "}},
    {"select_where_there_is_nothing",
     kFeedFrom8,
     "format = \"cidr\"\nselect = [\"a=b\"]\n",
     {"9:11 feed[0].select[0]: \"a=b\": format cidr has no attributes"}},
    {"reason_with_attribute", kFeedFrom8, "format = \"aws\"\nreason = \"{service}\"\n", {}},
    {"reason_with_any_attribute", kFeedFrom8, "reason = \"{service}\"\n", {}},
    {"reason_with_attribute_of_another_format",
     kFeedFrom8,
     "format = \"cidr\"\nreason = \"{service}\"\n",
     {"9:10 feed[0].reason: \"{service}\": no such placeholder here"}},
    {"reason_in_reason",
     kFeedFrom8,
     "reason = \"{reason}\"\n",
     {"8:10 feed[0].reason: \"{reason}\": no such placeholder here"}},
    {"every_too_short",
     kFeedFrom8,
     "every = 9\n",
     {"8:9 feed[0].every: 9: below the limit of 10s"}},
    {"lifetime_of_one_run", kFeedFrom8, "every = \"1h\"\nlifetime = \"1h\"\n", {}},
    {"lifetime_below_one_run",
     kFeedFrom8,
     "lifetime = \"59m\"\n",
     {"8:12 feed[0].lifetime: 59m: shorter than every (1h)"}},
    {"widest_v4", kFeedFrom8, "widest_v4 = 33\n", {"8:13 feed[0].widest_v4: 33: above the limit"}},
    {"widest_v6_zero", kFeedFrom8, "widest_v6 = 0\n", {"8:13 feed[0].widest_v6: 0: below the"}},
    {"guard", kFeedFrom8, "[feed.guard]\nshrink_percent = 100\ngrow_percent = 0\n", {}},
    {"guard_shrinks_by_more_than_all",
     kFeedFrom8,
     "[feed.guard]\nshrink_percent = 101\n",
     {"9:18 feed[0].guard.shrink_percent: 101: above the limit of 100"}},
};
INSTANTIATE_TEST_SUITE_P(Feeds, ConfigFaults, testing::ValuesIn(kFeedRows), row_name);

const std::vector<FaultRow> kProtectedRows = {
    {"good",
     kFrom2,
     "[protected]\ndo_not_list = [\"9.9.9.0/24\", \"2620:fe::/48\"]\nallow = [\"10.0.0.0/8\"]\n",
     {}},
    {"host_bits",
     kFrom2,
     "[protected]\ndo_not_list = [\"9.9.9.9\", \"9.9.9.9/24\"]\n",
     {"3:27 protected.do_not_list[1]: prefix \"9.9.9.9/24\": host bits are set, expected "
      "9.9.9.0/24"}},
    {"no_address", kFrom2, "[protected]\nallow = [\"all\"]\n", {"3:10 protected.allow[0]: "}},
    {"allows_what_is_allowed",
     kFrom2,
     "[protected]\nallow = [\"9.9.9.0/24\"]\n",
     {"3:10 protected.allow[0]: 9.9.9.0/24: no special-purpose space"}},
    {"allows_and_forbids",
     kFrom2,
     "[protected]\nallow = [\"10.1.0.0/16\"]\ndo_not_list = [\"10.0.0.0/8\"]\n",
     {"3:10 protected.allow[0]: 10.1.0.0/16: is in do_not_list as well"}},
    {"file_missing",
     kFrom2,
     "[protected]\ndo_not_list_file = \"no-such-folder/list\"\n",
     {"3:20 protected.do_not_list_file: \"no-such-folder/list\": No such file"}},
};
INSTANTIATE_TEST_SUITE_P(Protected, ConfigFaults, testing::ValuesIn(kProtectedRows), row_name);

TEST(ConfigFaultList, TellsEveryMistakeAtOnceInOrder) {
    const Loaded loaded = load_text(R"([server]
listen = ["nowhere"]
wokers = 1
[[list]]
name = "sbl"
code = 1
ttl = "40d"
[[zone]]
name = "bl..example"
lists = ["slb"]
ns = []
)",
                                    "c.toml");
    EXPECT_THAT(
        fault_texts(loaded),
        ElementsAre(testing::StartsWith("0:0 store: missing"),
                    testing::StartsWith("2:11 server.listen[0]: \"nowhere\": expected"),
                    "3:1 server.wokers: unknown key (did you mean \"workers\"?)",
                    testing::StartsWith("6:8 list[0].code: code 127.0.0.1: must"),
                    "7:7 list[0].ttl: \"40d\": above the limit of 1w",
                    testing::StartsWith("9:8 zone[0].name: domain \"bl..example\": empty label"),
                    "10:10 zone[0].lists[0]: \"slb\": no such list (did you mean \"sbl\"?)",
                    "11:6 zone[0].ns: empty: at least one is needed"));
}

TEST(ConfigFaultList, IsCutWhereItHelpsNobody) {
    std::string text(kFrom2);
    for (int i = 0; i < 600; ++i) {
        text += "k" + std::to_string(i) + " = 1\n";
    }
    const Loaded loaded = load_text(text, "c.toml");
    ASSERT_EQ(loaded.faults.size(), 501U);
    EXPECT_EQ(loaded.faults.back().what, "more than 500 faults: the others are not shown");
}

struct TextCase {
    std::string name;
    Fault fault;
    std::string expected;
};

class FaultText : public testing::TestWithParam<TextCase> {};

TEST_P(FaultText, IsOneLine) {
    EXPECT_EQ(to_string(GetParam().fault), GetParam().expected);
}

const std::vector<TextCase> kTextCases = {
    {"full",
     {"f.toml", 14, 9, "zone[0].ttl", "\"40d\": above the limit of 7d"},
     "f.toml:14:9: error: zone[0].ttl: \"40d\": above the limit of 7d"},
    {"whole_file", {"f.toml", 0, 0, "store", "missing"}, "f.toml: error: store: missing"},
    {"no_key", {"etc/f.toml", 3, 1, "", "bad"}, "etc/f.toml:3:1: error: bad"},
};

INSTANTIATE_TEST_SUITE_P(Forms, FaultText, testing::ValuesIn(kTextCases),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::config
