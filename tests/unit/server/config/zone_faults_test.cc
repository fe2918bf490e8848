#include "tests/unit/server/config/fault_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::config {
namespace {

constexpr std::string_view kZoneFrom8 = R"(store.path = "s"
[[list]]
name = "sbl"
[[zone]]
name = "bl.example"
lists = ["sbl"]
ns = ["ns.example"]
)";

class ZoneFaults : public testing::TestWithParam<FaultRow> {};

TEST_P(ZoneFaults, AreFoundWhereTheyStand) {
    expect_faults(GetParam());
}

const std::string kLabel(60, 'x');

const std::vector<FaultRow> kZoneRows = {
    {"least", kZoneFrom8, "", {}},
    {"nothing_given",
     "store.path = \"s\"\n",
     "[[zone]]\n",
     {"2:1 zone[0].name: missing", "2:1 zone[0].lists: missing", "2:1 zone[0].ns: missing"}},
    {"name_twice",
     kZoneFrom8,
     "[[zone]]\nname = \"BL.example.\"\nlists = [\"sbl\"]\nns = [\"ns.example\"]\n",
     {"9:8 zone[1].name: \"bl.example\": there is a zone of this name at c.toml:5:8"}},
    {"name_too_long_for_ipv6",
     kZoneFrom8,
     "[[zone]]\nname = \"" + kLabel + "." + kLabel + "." + kLabel + "." + "1234567\"\n" +
         "lists = [\"sbl\"]\nns = [\"ns.example\"]\n",
     {"9:8 zone[1].name: 190 bytes, the limit is 189: IPv6 questions would not fit"}},
    {"longest_name",
     kZoneFrom8,
     "[[zone]]\nname = \"" + kLabel + "." + kLabel + "." + kLabel + "." + "123456\"\n" +
         "lists = [\"sbl\"]\nns = [\"ns.example\"]\n",
     {}},
    {"lists_empty",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = []\nns = [\"ns.example\"]\n",
     {"10:9 zone[1].lists: empty: at least one is needed"}},
    {"list_unknown",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\", \"pbl\"]\nns = [\"ns.example\"]\n",
     {"10:17 zone[1].lists[1]: \"pbl\": no such list (did you mean \"sbl\"?)"}},
    {"list_twice",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\", \"sbl\"]\nns = [\"ns.example\"]\n",
     {"10:17 zone[1].lists[1]: \"sbl\": named twice"}},
    {"lists_is_text",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = \"sbl\"\nns = [\"ns.example\"]\n",
     {"10:9 zone[1].lists: \"sbl\": expected an array, found a string"}},
    {"name_servers_empty",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\"]\nns = []\n",
     {"11:6 zone[1].ns: empty: at least one is needed"}},
    {"name_server_is_an_address",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\"]\nns = [\"192.0.2.1\"]\n",
     {"11:7 zone[1].ns[0]: \"192.0.2.1\": expected a host name, not an address"}},
    {"name_server_with_underscore",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\"]\nns = [\"ns_1.example\"]\n",
     {"11:7 zone[1].ns[0]: \"ns_1.example\": a host name has letters, digits and hyphens only"}},
    {"name_server_twice",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\"]\nns = [\"n.example\", \"N.example.\"]\n",
     {"11:20 zone[1].ns[1]: \"n.example\": named twice"}},
    {"name_server_without_address",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\"]\nns = [\"ns.x.example\"]\n",
     {"11:7 zone[1].ns[0]: \"ns.x.example\": lies in zone x.example, which needs a record with "
      "owner \"ns\" and type A or AAAA"}},
    {"name_server_with_address",
     kZoneFrom8,
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\"]\nns = [\"ns.x.example\"]\n"
     "[[zone.record]]\nowner = \"NS.x.example.\"\ntype = \"aaaa\"\nvalue = \"2001:db8::1\"\n",
     {}},
    {"name_server_in_the_inner_zone",
     kZoneFrom8,
     "[[zone]]\nname = \"in.bl.example\"\nlists = [\"sbl\"]\nns = [\"ns.in.bl.example\"]\n"
     "[[zone]]\nname = \"x.example\"\nlists = [\"sbl\"]\nns = [\"ns.in.bl.example\"]\n",
     {"11:7 zone[1].ns[0]: \"ns.in.bl.example\": lies in zone in.bl.example",
      "15:7 zone[2].ns[0]: \"ns.in.bl.example\": lies in zone in.bl.example"}},
    {"kinds_may_be_mixed",
     "store.path = \"s\"\n",
     "[[list]]\nname = \"a\"\n[[list]]\nname = \"d\"\nkind = \"domain\"\n"
     "[[zone]]\nname = \"x.example\"\nlists = [\"a\", \"d\"]\nns = [\"ns.example\"]\n",
     {}},
    {"domains_are_rightly_asked",
     "store.path = \"s\"\n",
     "[[list]]\nname = \"d\"\nkind = \"domain\"\n[[zone]]\nname = \"x.example\"\n"
     "lists = [\"d\"]\nns = [\"ns.example\"]\ndomain_asked_code = \"127.255.255.252\"\n",
     {"9:21 zone[0].domain_asked_code: domain names are rightly asked here: list \"d\""}},
    {"addresses_are_rightly_asked",
     kZoneFrom8,
     "address_asked_code = \"127.255.255.252\"\n",
     {"8:22 zone[0].address_asked_code: addresses are rightly asked here: list \"sbl\""}},
    {"record_at_a_listed_address",
     kZoneFrom8,
     "[[zone.record]]\nowner = \"20.0.0.127\"\ntype = \"TXT\"\nvalue = \"x\"\n",
     {"9:9 zone[0].record[0].owner: \"20.0.0.127\": what the lists answer there"}},
    {"record_that_is_no_address",
     kZoneFrom8,
     "[[zone.record]]\nowner = \"0.0.127\"\ntype = \"TXT\"\nvalue = \"x\"\n"
     "[[zone.record]]\nowner = \"1.2.3.400\"\ntype = \"TXT\"\nvalue = \"x\"\n"
     "[[zone.record]]\nowner = \"a\"\ntype = \"A\"\nvalue = \"192.0.2.1\"\n",
     {}},
    {"record_at_a_test_name",
     "store.path = \"s\"\n",
     "[[list]]\nname = \"d\"\nkind = \"domain\"\n[[zone]]\nname = \"x.example\"\n"
     "lists = [\"d\"]\nns = [\"ns.example\"]\n"
     "[[zone.record]]\nowner = \"test\"\ntype = \"TXT\"\nvalue = \"x\"\n",
     {"10:9 zone[0].record[0].owner: \"test\": what the lists answer there"}},
    {"codes",
     kZoneFrom8,
     "malformed_code = \"127.255.255.252\"\ndomain_asked_code = \"127.0.1.255\"\n",
     {}},
    {"code_127_0_0_1",
     kZoneFrom8,
     "malformed_code = \"127.0.0.1\"\n",
     {"8:18 zone[0].malformed_code: 127.0.0.1: expected a code in 127/8 other than 127.0.0.1"}},
    {"code_outside",
     kZoneFrom8,
     "domain_asked_code = \"10.0.0.1\"\n",
     {"8:21 zone[0].domain_asked_code: 10.0.0.1: expected a code in 127/8"}},
    {"ttl_too_long",
     kZoneFrom8,
     "ttl = 604801\n",
     {"8:7 zone[0].ttl: 604801: above the limit of 1w"}},
    {"negative_ttl_of_a_day", kZoneFrom8, "negative_ttl = \"24h\"\n", {}},
    {"negative_ttl_too_long",
     kZoneFrom8,
     "negative_ttl = \"1d1s\"\n",
     {"8:16 zone[0].negative_ttl: \"1d1s\": above the limit of 1d"}},
    {"any",
     kZoneFrom8,
     "any = \"refuse\"\n",
     {"8:7 zone[0].any: \"refuse\": expected minimal, full"}},
};
INSTANTIATE_TEST_SUITE_P(Zones, ZoneFaults, testing::ValuesIn(kZoneRows), row_name);

const std::vector<FaultRow> kSoaRows = {
    {"expire_of_refresh_and_retry",
     kZoneFrom8,
     "soa = { refresh = \"1h\", retry = \"15m\", expire = \"1h15m\" }\n",
     {}},
    {"expire_below_refresh_and_retry",
     kZoneFrom8,
     "[zone.soa]\nexpire = \"1h14m59s\"\n",
     {"9:10 zone[0].soa.expire: 1h14m59s: below refresh and retry together (1h15m)"}},
    {"refresh_alone_is_too_long",
     kZoneFrom8,
     "[zone.soa]\nrefresh = \"8d\"\n",
     {"8:1 zone[0].soa.expire: 1w: below refresh and retry together (8d15m)"}},
    {"rname_as_mail_address",
     kZoneFrom8,
     "[zone.soa]\nrname = \"hostmaster@bl.example\"\n",
     {"9:9 zone[0].soa.rname: \"hostmaster@bl.example\": written as a domain name: "
      "\"hostmaster.bl.example\""}},
    {"mname_is_a_host",
     kZoneFrom8,
     "[zone.soa]\nmname = \"-ns.example\"\n",
     {"9:9 zone[0].soa.mname: \"-ns.example\": a host name has letters"}},
    {"minimum_is_negative_ttl",
     kZoneFrom8,
     "[zone.soa]\nminimum = 60\n",
     {"9:1 zone[0].soa.minimum: unknown key (known here: mname, rname, refresh, retry, expire, "
      "ttl)"}},
};
INSTANTIATE_TEST_SUITE_P(Soa, ZoneFaults, testing::ValuesIn(kSoaRows), row_name);

// A row of a record: owner, type and value stand on lines 9, 10 and 11.
FaultRow record_row(const std::string& name, const std::string& owner, const std::string& type,
                    const std::string& value, std::vector<std::string> faults) {
    return {name, kZoneFrom8,
            "[[zone.record]]\nowner = \"" + owner + "\"\ntype = \"" + type + "\"\nvalue = '" +
                value + "'\n",
            std::move(faults)};
}

const std::vector<FaultRow> kRecordRows = {
    {"nothing_given",
     kZoneFrom8,
     "[[zone.record]]\n",
     {"8:1 zone[0].record[0].type: missing", "8:1 zone[0].record[0].value: missing"}},
    record_row("a", "@", "A", "192.0.2.1", {}),
    record_row("a_of_ipv6", "@", "A", "2001:db8::1",
               {"11:9 zone[0].record[0].value: \"2001:db8::1\": expected an IPv4 address"}),
    record_row("a_of_three_octets", "@", "A", "192.0.2",
               {"11:9 zone[0].record[0].value: \"192.0.2\": expected an IPv4 address"}),
    record_row("aaaa", "@", "AAAA", "2001:db8::1", {}),
    record_row("aaaa_of_mapped_ipv4", "@", "AAAA", "::ffff:192.0.2.1", {}),
    record_row("aaaa_of_ipv4", "@", "AAAA", "192.0.2.1",
               {"11:9 zone[0].record[0].value: \"192.0.2.1\": expected an IPv6 address"}),
    record_row("mx", "@", "mx", "10 mail.example", {}),
    record_row("mx_of_rfc_7505", "@", "MX", "0 .", {}),
    record_row(
        "mx_without_preference", "@", "MX", "mail.example",
        {"11:9 zone[0].record[0].value: \"mail.example\": expected a preference and a host"}),
    record_row("mx_preference_too_large", "@", "MX", "65536 mail.example",
               {"11:9 zone[0].record[0].value: \"65536 mail.example\": expected a preference"}),
    record_row("mx_of_an_address", "@", "MX", "10 192.0.2.1",
               {"11:9 zone[0].record[0].value: \"192.0.2.1\": expected a host name"}),
    record_row("ns", "sub", "NS", "ns.example.", {}),
    record_row("ns_with_blank", "sub", "NS", "ns example", {"11:9 zone[0].record[0].value: "}),
    record_row("txt", "@", "TXT", "\"v=spf1 -all\"", {}),
    record_row("txt_of_one_word", "@", "TXT", "word", {}),
    record_row("txt_of_two_strings", "@", "TXT", "\"one; \"  \"t\\\"wo\"", {}),
    record_row("txt_without_quotes", "@", "TXT", "v=spf1 -all",
               {"11:9 zone[0].record[0].value: \"v=spf1 -all\": text goes in double quotes"}),
    record_row("txt_semicolon_without_quotes", "@", "TXT", "a;b",
               {"11:9 zone[0].record[0].value: \"a;b\": text goes in double quotes"}),
    record_row("txt_quote_open", "@", "TXT", "\"a\\\"",
               {"11:9 zone[0].record[0].value: \"\"a\\\"\": text goes in double quotes"}),
    record_row("txt_longest", "@", "TXT", "\"" + std::string(254, 'x') + "\\046\"", {}),
    record_row("txt_too_long", "@", "TXT", "\"" + std::string(256, 'x') + "\"",
               {"11:9 zone[0].record[0].value: \"\"" + std::string(63, 'x') +
                "...\": longer than 255 bytes: break it"}),
    record_row("txt_empty", "@", "TXT", "", {"11:9 zone[0].record[0].value: \"\": expected"}),
    record_row("caa", "@", "CAA", "0 issue \"ca.example\"", {}),
    record_row("caa_without_flags", "@", "CAA", "issue ca.example",
               {"11:9 zone[0].record[0].value: \"issue ca.example\": expected flags, tag"}),
    record_row("another_type", "@", "SRV", "0 0 1 x.example",
               {"10:8 zone[0].record[0].type: \"SRV\": expected A, AAAA, NS, TXT, MX or CAA"}),
    record_row("owner_relative", "a.b", "A", "192.0.2.1", {}),
    record_row("owner_in_full", "www.bl.example.", "A", "192.0.2.1", {}),
    record_row("owner_elsewhere", "www.example.", "A", "192.0.2.1",
               {"9:9 zone[0].record[0].owner: \"www.example.\": not below bl.example"}),
    record_row("owner_only_ends_alike", "wwwbl.example.", "A", "192.0.2.1",
               {"9:9 zone[0].record[0].owner: \"wwwbl.example.\": not below bl.example"}),
    record_row("owner_without_final_dot", "www.bl.example", "A", "192.0.2.1",
               {"9:9 zone[0].record[0].owner: \"www.bl.example\": names are relative to the zone: "
                "write \"www\" or \"www.bl.example.\""}),
    record_row("owner_wildcard", "*", "A", "192.0.2.1",
               {"9:9 zone[0].record[0].owner: \"*\": wildcards are not answered"}),
    record_row("owner_malformed", "a..b", "A", "192.0.2.1",
               {"9:9 zone[0].record[0].owner: domain \"a..b.bl.example\": empty label"}),
};
INSTANTIATE_TEST_SUITE_P(Records, ZoneFaults, testing::ValuesIn(kRecordRows), row_name);

const std::vector<FaultRow> kAccessRows = {
    {"nothing_given",
     kZoneFrom8,
     "[[zone.access]]\n",
     {"8:1 zone[0].access[0].client: missing", "8:1 zone[0].access[0].action: missing"}},
    {"good",
     kZoneFrom8,
     "access = [{client=\"192.0.2.0/24\", action=\"drop\"},\n"
     "{client=\"192.0.2.1\", action=\"service-code\", code=\"127.255.255.254\"}]\n",
     {}},
    {"action",
     kZoneFrom8,
     "access = [{client=\"192.0.2.0/24\", action=\"deny\"}]\n",
     {"8:42 zone[0].access[0].action: \"deny\": expected allow, refuse, service-code, drop"}},
    {"client_host_bits",
     kZoneFrom8,
     "access = [{client=\"192.0.2.1/24\", action=\"drop\"}]\n",
     {"8:19 zone[0].access[0].client: prefix \"192.0.2.1/24\": host bits are set"}},
    {"client_twice",
     kZoneFrom8,
     "access = [{client=\"::/0\", action=\"drop\"}, {client=\"::/0\", action=\"allow\"}]\n",
     {"8:51 zone[0].access[1].client: ::/0: has a rule already, access[0]"}},
    {"code_missing",
     kZoneFrom8,
     "access = [{client=\"::/0\", action=\"service-code\"}]\n",
     {"8:34 zone[0].access[0].action: \"service-code\": needs code, 127.255.255.252 to"}},
    {"code_below",
     kZoneFrom8,
     "access = [{client=\"::/0\", action=\"service-code\", code=\"127.255.255.251\"}]\n",
     {"8:55 zone[0].access[0].code: 127.255.255.251: expected 127.255.255.252 to"}},
    {"code_above",
     kZoneFrom8,
     "access = [{client=\"::/0\", action=\"service-code\", code=\"128.0.0.0\"}]\n",
     {"8:55 zone[0].access[0].code: 128.0.0.0: expected 127.255.255.252 to"}},
    {"code_without_use",
     kZoneFrom8,
     "access = [{client=\"::/0\", action=\"refuse\", code=\"127.255.255.254\"}]\n",
     {"8:49 zone[0].access[0].code: only with action = \"service-code\""}},
};
INSTANTIATE_TEST_SUITE_P(Access, ZoneFaults, testing::ValuesIn(kAccessRows), row_name);

// What does not fit an answer must not be served in part.
TEST(ZoneLists, HaveALimitOfOneKind) {
    std::string lists;
    std::string names;
    for (std::size_t i = 0; i <= kListsPerZoneMax; ++i) {
        lists += "[[list]]\nname = \"a" + std::to_string(i) + "\"\n";
        names += "\"a" + std::to_string(i) + "\", ";
    }
    const std::string text = "store.path = \"s\"\n" + lists +
                             "[[zone]]\nname = \"x.example\"\nns = [\"ns.example\"]\nlists = [" +
                             names + "]\n";
    EXPECT_THAT(fault_texts(load_text(text, "c.toml")),
                testing::ElementsAre(
                    testing::HasSubstr("zone[0].lists[64]: more than 64 lists of one kind")));
}

}  // namespace
}  // namespace fairlist::config
