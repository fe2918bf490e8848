// What rbldnsd 1.0pre (Debian 1.0~20210120) makes of these lines was read from its dump.
#include "importer/formats/zone_facts.h"
#include "tests/unit/importer/formats/recording_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint32_t kNow = 1'795'292'885;  // 2026-11-21T20:28:05Z

struct FileCase {
    std::string name;
    std::string type;
    std::string text;
    std::vector<std::string> records;
    std::vector<std::uint64_t> rejected_lines;
};

FormatOptions options_for(const std::string& type) {
    FormatOptions options;
    options.kind = type == "dnset" ? ListKind::Domain : ListKind::Address;
    options.now = Time{kNow};
    return options;
}

class RbldnsdFileTest : public testing::TestWithParam<FileCase> {};

TEST_P(RbldnsdFileTest, IsReadAsRbldnsdReadsIt) {
    const FileCase& c = GetParam();
    const Parsed parsed = parse_text("rbldnsd:" + c.type, c.text, options_for(c.type));
    ASSERT_TRUE(parsed.result) << parsed.result.error().message;
    EXPECT_EQ(parsed.sink.records, c.records);
    EXPECT_EQ(parsed.sink.rejected_lines(), c.rejected_lines);
}

const std::vector<FileCase> kIp4Cases = {
    {"address", "ip4set", "1.2.3.4", {"1.2.3.4"}, {}},
    {"prefix_of_three", "ip4set", "1.2.3", {"1.2.3.0/24"}, {}},
    {"lone_number", "ip4set", "1\n300\n", {}, {1, 2}},
    {"cidr_short",
     "ip4set",
     "127/8\n127.16/12\n127.0.0/24",
     {"127.0.0.0/8", "127.16.0.0/12", "127.0.0.0/24"},
     {}},
    {"leading_zeros",
     "ip4set",
     "01.02.03.50\n0001.2.3.4\n127.0.0.0/024",
     {"1.2.3.50", "1.2.3.4", "127.0.0.0/24"},
     {}},
    {"host_bits", "ip4set", "1.2.3.41/30", {}, {1}},
    {"out_of_range",
     "ip4set",
     "1.2.3.256\n1.2.3.4.5\n127.0.0.1/33\n1/33\n1.2.3.\n127.0.0.0/\n1.2.3.4-",
     {},
     {1, 2, 3, 4, 5, 6, 7}},
    {"range_of_last_octet", "ip4set", "1.2.3.80-85", {"1.2.3.80/30", "1.2.3.84/31"}, {}},
    {"range_of_second_octet", "ip4set", "127.16-31", {"127.16.0.0/12"}, {}},
    {"range_of_prefixes", "ip4set", "127.16-127.31", {"127.16.0.0/12"}, {}},
    {"range_of_third_octet", "ip4set", "127.16.0-31", {"127.16.0.0/19"}, {}},
    {"range_no_prefix", "ip4set", "1.2.3.0-1.2.4.255", {"1.2.3.0/24", "1.2.4.0/24"}, {}},
    {"range_almost_a_24",
     "ip4set",
     "127.0.0.1-255",
     {"127.0.0.1", "127.0.0.2/31", "127.0.0.4/30", "127.0.0.8/29", "127.0.0.16/28", "127.0.0.32/27",
      "127.0.0.64/26", "127.0.0.128/25"},
     {}},
    {"range_of_numbers", "ip4set", "127-128", {"127.0.0.0/8", "128.0.0.0/8"}, {}},
    {"range_to_the_end", "ip4set", "255.255.255.0-255.255.255.255", {"255.255.255.0/24"}, {}},
    {"range_backwards", "ip4set", "1.2.3.60-1.2.3.55\n1.2.3.9-8\n127.16-15", {}, {1, 2, 3}},
    {"range_uneven",
     "ip4set",
     "1.2.3-5.0\n1.2-1.3.4\n1.2.3.4-1.2.3\n127-127.0.0\n1.2.3.4-6/24\n1.2.3.4/32-5",
     {},
     {1, 2, 3, 4, 5, 6}},
    {"exclusion", "ip4set", "!1.2.3.4\n! 1.2.3.5 :7:text", {"!1.2.3.4", "!1.2.3.5"}, {}},
    {"double_exclusion", "ip4set", "!!1.2.3.4", {}, {1}},
    {"comment_behind",
     "ip4set",
     "1.2.3.4 # x\n1.2.3.5;x\n1.2.3.6\t; x",
     {"1.2.3.4", "1.2.3.5", "1.2.3.6"},
     {}},
    {"comment_lines", "ip4set", "# x\n; y\n\n  # z\n1.2.3.4", {"1.2.3.4"}, {}},
    {"leading_blank", "ip4set", " 1.2.3.21\n\t1.2.3.22", {"1.2.3.21", "1.2.3.22"}, {}},
    {"windows_line_ends",
     "ip4set",
     "1.2.3.4\r\n1.2.3.5 :2:t\r\n",
     {"1.2.3.4", "1.2.3.5 127.0.0.2 \"t\""},
     {}},
    {"comma_behind", "ip4set", "1.2.3.92,x", {}, {1}},
    {"wildcard_form", "ip4set", "*.1.2.3", {}, {1}},
    {"text_behind_dash_is_text", "ip4set", "1.2.3.70 - 75", {"1.2.3.70 \"- 75\""}, {}},
    {"trie_takes_cidr",
     "ip4trie",
     "1.2.3.0/24 :3:x\n1.2.3\n1/8\n0/0 :4:",
     {"1.2.3.0/24 127.0.0.3 \"x\"", "1.2.3.0/24", "1.0.0.0/8", "0.0.0.0/0 127.0.0.4"},
     {}},
    {"trie_takes_no_range", "ip4trie", "1.2.3.4-6\n10.1-10.2", {}, {1, 2}},
    {"tset_takes_addresses",
     "ip4tset",
     ":3:x\n1.2.3.4 :5:y\n1.2.3.5 ; c",
     {"1.2.3.4 127.0.0.3 \"x\"", "1.2.3.5 127.0.0.3 \"x\""},
     {}},
    {"tset_takes_nothing_else",
     "ip4tset",
     "1.2.3\n1.2.3.0/24\n1.2.3.4-6\n!1.2.3.4\n1.2.3.4/32",
     {},
     {1, 2, 3, 4, 5}},
    {"tset_late_default", "ip4tset", "1.2.3.4\n:3:x\n", {"1.2.3.4"}, {2}},
    {"several_values_of_one_prefix",
     "ip4set",
     "1.2.3.4 :2:a\n1.2.3.4 :3:b",
     {"1.2.3.4 127.0.0.2 \"a\"", "1.2.3.4 127.0.0.3 \"b\""},
     {}},
};

const std::vector<FileCase> kIp6Cases = {
    {"words_left_out",
     "ip6trie",
     "2001:21ab:c000/36\n2001:db8:1:2\n2001:db8\n2001/16\n2001:db8:1:2:3",
     {"2001:21ab:c000::/36", "2001:db8:1:2::/64", "2001:db8::/32", "2001::/16",
      "2001:db8:1:2:3::/80"},
     {}},
    {"compressed",
     "ip6trie",
     "2001:db8::1\n2605:6001:42::/52\n::/0\n1:2:3:4:5:6:7::\n1:2:3:4:5:6:7:8",
     {"2001:db8::1", "2605:6001:42::/52", "::/0", "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:8"},
     {}},
    {"leading_zeros", "ip6trie", "2001:0db8::01", {"2001:db8::1"}, {}},
    {"values",
     "ip6trie",
     ":5:x $\n2001:db8::1\n2001:db8::2 :3:t\n2001:db8::3;c\n!2001:db8::/33",
     {"2001:db8::1 127.0.0.5 \"x {address}\"", "2001:db8::2 127.0.0.3 \"t\"",
      "2001:db8::3 127.0.0.5 \"x {address}\"", "!2001:db8::/33"},
     {}},
    {"bad",
     "ip6trie",
     "2001\n1.2.3.4\n::ffff:1.2.3.4\n2001:db8:\n2001:db8::1/32\n2001:db8::1-2\n2001:db8::/"
     "129\nfe80::1%eth0\ng::1\n12345::1\n2001:db8/16",
     {},
     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
    // rbldnsd reads these without a word as something else; nobody can have meant that.
    {"too_many_words", "ip6trie", "1::2::3\n1:2:3:4:5:6:7:8:9", {}, {1, 2}},
    {"tset_four_words",
     "ip6tset",
     ":3:d $\n2001:20fe:23:41ed\nabac:adab:ad00:42f :5:x",
     {"2001:20fe:23:41ed::/64 127.0.0.3 \"d {address}\"",
      "abac:adab:ad00:42f::/64 127.0.0.3 \"d {address}\""},
     {}},
    {"tset_exclusions",
     "ip6tset",
     "!abac:adab:ad00:42f::2\n!abac:adab:ad00:42f:1:2:3:4",
     {"!abac:adab:ad00:42f::2", "!abac:adab:ad00:42f:1:2:3:4"},
     {}},
    {"tset_bad",
     "ip6tset",
     "2001:20fe:23\n2001:20fe:23:41ed::\n2001:20fe:23:41ed/64\n2001:db8::1\n!abac:adab:ad00:42f",
     {},
     {1, 2, 3, 4, 5}},
};

const std::vector<FileCase> kNameCases = {
    {"exact",
     "dnset",
     "example.com\nExample.ORG. :3:x $",
     {"example.com", "example.org 127.0.0.3 \"x {subject}\""},
     {}},
    {"wildcards",
     "dnset",
     "*.example.com :3:x\n.example.org\n!a.example.com\n! *.a.b",
     {"*.example.com 127.0.0.3 \"x\"", ".example.org", "!a.example.com", "!*.a.b"},
     {}},
    {"text",
     "dnset",
     "a b c\na_b.c text\nex.com #c",
     {"a \"b c\"", "a_b.c \"text\"", "ex.com"},
     {}},
    {"no_comment_without_blank", "dnset", "ex.com;c", {"ex.com;c"}, {}},
    {"looks_like_address", "dnset", "1.2.3.4", {"1.2.3.4"}, {}},
    {"long_label", "dnset", std::string(64, 'a') + ".b\n.\n", {}, {1, 2}},
    // rbldnsd would list these as they stand, where no query can meet them.
    {"wildcard_inside", "dnset", "a.*.b\n*.*.a\n*\n*example.com", {}, {1, 2, 3, 4}},
    {"u_labels",
     "dnset",
     "b\xC3\xBC"
     "cher.example",
     {"xn--bcher-kva.example"},
     {}},
};

const std::vector<FileCase> kValueCases = {
    {"code_and_text", "ip4set", "1.2.3.4 :127.0.0.9:x", {"1.2.3.4 127.0.0.9 \"x\""}, {}},
    {"short_code",
     "ip4set",
     "1.2.3.4 :5:t\n1.2.3.5 :05:t\n1.2.3.6 :255:t",
     {"1.2.3.4 127.0.0.5 \"t\"", "1.2.3.5 127.0.0.5 \"t\"", "1.2.3.6 127.0.0.255 \"t\""},
     {}},
    {"no_blank_in_front", "ip4set", "1.2.3.9:7:tight", {"1.2.3.9 127.0.0.7 \"tight\""}, {}},
    {"code_alone_keeps_the_default_text",
     "ip4set",
     ":2:def\n1.2.3.4 :5\n1.2.3.5 :6:",
     {"1.2.3.4 127.0.0.5 \"def\"", "1.2.3.5 127.0.0.6"},
     {}},
    {"text_alone_keeps_the_default_code",
     "ip4set",
     ":3:def\n1.2.3.4 own",
     {"1.2.3.4 127.0.0.3 \"own\""},
     {}},
    {"blanks_around",
     "ip4set",
     "1.2.3.17 :5: lead\n1.2.3.18 :5:trail   \n1.2.3.19 :5 : both ",
     {"1.2.3.17 127.0.0.5 \"lead\"", "1.2.3.18 127.0.0.5 \"trail\"", "1.2.3.19 127.0.0.5 \"both\""},
     {}},
    {"hash_inside_a_text",
     "ip4set",
     "1.2.3.8 text # more\n1.2.3.9 :2:x # y",
     {"1.2.3.8 \"text # more\"", "1.2.3.9 127.0.0.2 \"x # y\""},
     {}},
    {"bad_codes",
     "ip4set",
     "1.2.3.4 :0:z\n1.2.3.4 ::t\n1.2.3.4 :300:t\n1.2.3.4 : 5:t\n1.2.3.4 :\n1.2.3.4:5x\n1.2.3.4 "
     ":127.0.0.300:x",
     {},
     {1, 2, 3, 4, 5, 6, 7}},
    // rbldnsd serves these; here a list must be declared for foreign codes, and 127.0.0.1 means
    // "not listed" to every test of a list (RFC 5782 section 5).
    {"codes_that_are_none",
     "ip4set",
     "1.2.3.4 :9.9.9.9:t\n1.2.3.4 :1:t\n1.2.3.4 :127.255.255.254:t",
     {},
     {1, 2, 3}},
    {"bad_default_keeps_the_one_before",
     "ip4set",
     ":3:a\n:foo\n:\n::t\n1.2.3.4",
     {"1.2.3.4 127.0.0.3 \"a\""},
     {2, 3, 4}},
    {"default_without_text",
     "ip4set",
     ":3:a\n:5\n1.2.3.4\n:6:\n1.2.3.5",
     {"1.2.3.4 127.0.0.5", "1.2.3.5 127.0.0.6"},
     {}},
    {"second_colon_belongs_to_the_text",
     "ip4set",
     ":5::x\n1.2.3.4",
     {"1.2.3.4 127.0.0.5 \":x\""},
     {}},
    {"dollar",
     "ip4set",
     "1.2.3.6 text here $ $$\n1.2.3.7 a$",
     {"1.2.3.6 \"text here {address} $\"", "1.2.3.7 \"a{address}\""},
     {}},
    {"braces_are_text", "ip4set", "1.2.3.4 {a} {{b", {"1.2.3.4 \"{{a} {{{{b\""}, {}},
    {"bypass_without_base",
     "ip4set",
     "1.2.3.4 =eq $\n1.2.3.5 :5:=x",
     {"1.2.3.4 \"eq {address}\"", "1.2.3.5 127.0.0.5 \"x\""},
     {}},
    {"text_cut_at_255",
     "ip4set",
     "1.2.3.4 " + std::string(400, 'x'),
     {"1.2.3.4 \"" + std::string(255, 'x') + "\""},
     {}},
    {"text_of_dollars_is_too_long",
     "ip4set",
     "1.2.3.4 " +
         [] {
             std::string s;
             for (int i = 0; i < 120; ++i) {
                 s += "$ ";
             }
             return s;
         }(),
     {},
     {1}},
};

const std::vector<FileCase> kSpecialCases = {
    {"four_ways_to_start",
     "ip4set",
     "$TTL 5m\n#$TTL 5m\n;$TTL 5m\n:$ttl 300\n $TTL 5m\n1.2.3.4",
     {"1.2.3.4 ttl=300"},
     {}},
    {"hash_blank_dollar_is_a_comment", "ip4set", "# $TTL 5m\n1.2.3.4", {"1.2.3.4"}, {}},
    {"unknown", "ip4set", "$FOO x\n$ TTL 5m\n$\n1.2.3.4", {"1.2.3.4"}, {1, 2, 3}},
    {"bad_ttl", "ip4set", "$TTL x\n$TTL\n1.2.3.4", {"1.2.3.4"}, {1, 2}},
    {"late_ttl", "ip4set", "1.2.3.4\n$TTL 5m\n", {"1.2.3.4"}, {2}},
    {"max_range_length", "ip4set", "$MAXRANGE4 /24\n1.2/16\n1.2.3/24", {"1.2.3.0/24"}, {2}},
    {"max_range_number",
     "ip4set",
     "$MAXRANGE4 256\n1.2.3.0-1.2.4.255\n1.2.3/24",
     {"1.2.3.0/24"},
     {2}},
    {"max_range_of_a_range",
     "ip4set",
     "$MAXRANGE4 512\n1.2.3.0-1.2.4.255",
     {"1.2.3.0/24", "1.2.4.0/24"},
     {}},
    {"max_range_only_tightens", "ip4set", "$MAXRANGE4 /24\n$MAXRANGE4 /16\n1.2/16", {}, {3}},
    {"max_range_bad",
     "ip4set",
     "$MAXRANGE4 0\n$MAXRANGE4 abc\n$MAXRANGE4 /33\n1.2.3.4",
     {"1.2.3.4"},
     {1, 2, 3}},
    {"variables",
     "ip4set",
     "$1 hello\n$0 zero $\n1.2.3.4 a $1 $\n1.2.3.5 b $0",
     {"1.2.3.4 \"a hello {address}\"", "1.2.3.5 \"b zero $\""},
     {}},
    {"variables_do_not_nest",
     "ip4set",
     "$1 b $2 $\n$2 c\n1.2.3.4 a $1",
     {"1.2.3.4 \"a b $2 $\""},
     {}},
    {"first_variable_counts", "ip4set", "$1 a\n$1 b\n1.2.3.4 $1", {"1.2.3.4 \"a\""}, {}},
    {"unknown_variable_stays",
     "ip4set",
     "$1x hello\n$2\n1.2.3.4 x$1y $2",
     {"1.2.3.4 \"x$1y $2\""},
     {1, 2}},
    // rbldnsd would fill it into the entry above, which is on its way already.
    {"late_variable",
     "ip4set",
     "1.2.3.4 $1\n$1 late\n$2 fine\n1.2.3.5 $2",
     {"1.2.3.4 \"$1\"", "1.2.3.5 \"fine\""},
     {2}},
    {"base",
     "ip4set",
     "$= base $= ($)\n1.2.3.4 r1\n1.2.3.5\n1.2.3.6 =no base $\n1.2.3.7 d $ $$ e",
     {"1.2.3.4 \"base r1 ({address})\"", "1.2.3.5 \"base {address} ({address})\"",
      "1.2.3.6 \"no base {address}\"", "1.2.3.7 \"base d $ $$ e ({address})\""},
     {}},
    {"base_default_is_not_expanded",
     "ip4set",
     "$= base[$=] ($)\n:2:default $\n4.4.4.6",
     {"4.4.4.6 127.0.0.2 \"base[default $] ({address})\""},
     {}},
    {"base_with_variable", "ip4set", "$= base $1\n$1 v1\n1.2.3.4 r1", {"1.2.3.4 \"base v1\""}, {}},
    {"base_and_no_text",
     "ip4set",
     "$= base $=\n1.2.3.4 :5:\n1.2.3.5 :6:=",
     {"1.2.3.4 127.0.0.5 \"base {address}\"", "1.2.3.5 127.0.0.6"},
     {}},
    {"base_late", "ip4set", "1.2.3.4 r1\n$= base $=\n", {"1.2.3.4 \"r1\""}, {2}},
    {"base_bad", "ip4set", "$=base $=\n$=\n1.2.3.4 r1", {"1.2.3.4 \"r1\""}, {1, 2}},
    {"own_text_in_itself",
     "ip4set",
     "1.2.3.4 $$$ $a $=",
     {"1.2.3.4 \"${address} {address}a $$$ $a $=\""},
     {}},
    {"dataset_outside_combined", "ip4set", "$DATASET ip4set @\n1.2.3.4", {"1.2.3.4"}, {1}},
    {"soa_and_ns",
     "ip4set",
     "$SOA 3600 ns.e. h.e. 0 2h 2h 1w 1h\n$NS 0 a.b -c.d e.f\n1.2.3.4",
     {"1.2.3.4"},
     {}},
    {"soa_and_ns_bad",
     "ip4set",
     "$SOA 3600 ns.e.\n$SOA x ns.e. h.e. 0 2h 2h 1w 1h\n$NS a.b\n$NS 0\n",
     {},
     {1, 2, 3, 4}},
    {"timestamp_past",
     "ip4set",
     "$TIMESTAMP 2020:01:01\n$TIMESTAMP 2020:1:1\n$TIMESTAMP 202001011020 0\n$TIMESTAMP - "
     "-\n$TIMESTAMP 20200101 2030-01-01\n1.2.3.4",
     {"1.2.3.4 data_end=2030-01-01T00:00:00Z"},
     {}},
    {"timestamp_beyond_2038",
     "ip4set",
     "$TIMESTAMP 2020:01:01 2099:01:01\n1.2.3.4",
     {"1.2.3.4 data_end=2099-01-01T00:00:00Z"},
     {}},
    {"timestamp_first_end_counts",
     "ip4set",
     "$TIMESTAMP 2020:01:01 2031:01:01\n$TIMESTAMP 2020:01:01 2030:01:01\n$TIMESTAMP 2020:01:01 "
     "2032:01:01\n1.2.3.4\n!1.2.3.5",
     {"1.2.3.4 data_end=2030-01-01T00:00:00Z", "!1.2.3.5 data_end=2030-01-01T00:00:00Z"},
     {}},
    {"timestamp_below_entries_that_it_would_end",
     "ip4set",
     "1.2.3.4\n$TIMESTAMP 2020:01:01 2030:01:01\n$TIMESTAMP 2020:01:01\n1.2.3.5",
     {"1.2.3.4", "1.2.3.5"},
     {2}},
    {"timestamp_bad",
     "ip4set",
     "$TIMESTAMP 2020/01/01\n$TIMESTAMP 0 +1d\n$TIMESTAMP 2020:13:01\n$TIMESTAMP\n$TIMESTAMP "
     "2020:01:01 x\n",
     {},
     {1, 2, 3, 4, 5}},
};

const auto kCaseName = [](const auto& param) {
    return param.param.name;
};
INSTANTIATE_TEST_SUITE_P(Ip4, RbldnsdFileTest, testing::ValuesIn(kIp4Cases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Ip6, RbldnsdFileTest, testing::ValuesIn(kIp6Cases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Names, RbldnsdFileTest, testing::ValuesIn(kNameCases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Values, RbldnsdFileTest, testing::ValuesIn(kValueCases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Specials, RbldnsdFileTest, testing::ValuesIn(kSpecialCases), kCaseName);

struct StampCase {
    std::string name;
    std::string line;
    std::string message;
};

class RbldnsdStamp : public testing::TestWithParam<StampCase> {};

TEST_P(RbldnsdStamp, RefusesTheWholeFile) {
    const Parsed parsed =
        parse_text("rbldnsd:ip4set", GetParam().line + "\n1.2.3.4\n", options_for("ip4set"));
    ASSERT_FALSE(parsed.result);
    EXPECT_EQ(parsed.result.error().code, Errc::Refused);
    EXPECT_THAT(parsed.result.error().message, HasSubstr(GetParam().message));
    EXPECT_THAT(parsed.sink.records, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Rbldnsd, RbldnsdStamp,
    testing::Values(StampCase{"future", "$TIMESTAMP 2030:01:01",
                              "feed.txt: line 1: $TIMESTAMP: the data are of 2030-01-01T00:00:00Z"},
                    StampCase{"expired", "$TIMESTAMP 0 2020:01:01",
                              "the data expired on 2020-01-01T00:00:00Z"},
                    StampCase{"expired_by_offset", "$TIMESTAMP 2020-01-01-10-20 +1d",
                              "the data expired on 2020-01-02T10:20:00Z"}),
    kCaseName);

TEST(RbldnsdOptions, AllowHostBitsAndForeignCodes) {
    FormatOptions options = options_for("ip4set");
    options.allow_host_bits = true;
    options.foreign_codes = true;
    const Parsed parsed = parse_text("rbldnsd:ip4set", "1.2.3.41/30 :9.9.9.9:x\n", options);
    EXPECT_THAT(parsed.sink.records, ElementsAre("1.2.3.40/30 9.9.9.9 \"x\""));
}

TEST(RbldnsdTimestamp, InASectionConcernsThatSection) {
    ZoneFacts facts;
    FormatOptions options = options_for("ip4set");
    options.facts = &facts;
    const Parsed parsed =
        parse_text("rbldnsd:combined",
                   "$TIMESTAMP 2020:01:01 2032:01:01\n"
                   "$DATASET ip4set:a @\n$TIMESTAMP 2020:01:01 2031:01:01\n1.2.3.4\n"
                   "$DATASET ip4set:b @\n1.2.3.5\n"
                   "$DATASET dnset:c @\n$TIMESTAMP 2020:01:01 2030:01:01\nx.example\n",
                   options);
    EXPECT_THAT(parsed.sink.records, ElementsAre("1.2.3.4 data_end=2031-01-01T00:00:00Z",
                                                 "1.2.3.5 data_end=2032-01-01T00:00:00Z"));
    EXPECT_EQ(to_string(facts.data_end), "2031-01-01T00:00:00Z");
}

constexpr std::string_view kCombined = R"($SOA 1w ns1.ex.com admin.ex.com 0 2h 2h 1w 1h
$NS 1w ns1.ex.com -ns2.ex.com ns3.ex.com
$TTL 10m
$1 global
$MAXRANGE4 /24
:9:entry before a section
$DATASET ip4set:proxy proxies @
:2:Open proxy $1 $
1.2.3.4
1.2.3.5 $2
1.2/16
$DATASET ip4set relays
1.2.3.6
$DATASET dnset:d names
a.b :5:$1 $
$DATASET ip4bag:x y
1.2.3.7
$DATASET generic:common proxies @
@ A 127.0.0.8
www 3000 A 127.0.0.8
@ MX 10 mx.ex.com
about TXT "ex.com combined blocklist"
x AAAA ::1
)";

struct CombinedCase {
    std::string name;
    ListKind kind;
    std::vector<std::string> select;
    std::vector<std::string> records;
};

class RbldnsdCombined : public testing::TestWithParam<CombinedCase> {};

TEST_P(RbldnsdCombined, GivesTheSectionsThatFitAndAreSelected) {
    FormatOptions options = options_for("ip4set");
    options.kind = GetParam().kind;
    options.select = parse_selection(GetParam().select).value();
    const Parsed parsed = parse_text("rbldnsd", kCombined, options);
    ASSERT_TRUE(parsed.result) << parsed.result.error().message;
    EXPECT_EQ(parsed.sink.records, GetParam().records);
}

INSTANTIATE_TEST_SUITE_P(
    Rbldnsd, RbldnsdCombined,
    testing::Values(
        CombinedCase{"addresses",
                     ListKind::Address,
                     {},
                     {"1.2.3.4 127.0.0.2 \"Open proxy global {address}\" ttl=600",
                      "1.2.3.5 127.0.0.2 \"$2\" ttl=600", "1.2.3.6 ttl=600"}},
        CombinedCase{"names", ListKind::Domain, {}, {"a.b 127.0.0.5 \"global {subject}\" ttl=600"}},
        CombinedCase{"by_name",
                     ListKind::Address,
                     {"dataset=proxy"},
                     {"1.2.3.4 127.0.0.2 \"Open proxy global {address}\" ttl=600",
                      "1.2.3.5 127.0.0.2 \"$2\" ttl=600"}},
        CombinedCase{"by_subzone", ListKind::Address, {"subzone=relays"}, {"1.2.3.6 ttl=600"}},
        CombinedCase{"none", ListKind::Address, {"subzone=other"}, {}}),
    kCaseName);

TEST(RbldnsdCombinedFacts, TellTheZoneDataAndTheLinesThatAreWrong) {
    ZoneFacts facts;
    FormatOptions options = options_for("ip4set");
    options.facts = &facts;
    const Parsed parsed = parse_text("", kCombined, options);
    ASSERT_TRUE(parsed.result);
    EXPECT_EQ(parsed.format, "rbldnsd");
    EXPECT_THAT(parsed.sink.rejected_lines(), ElementsAre(6, 11, 16, 23));
    EXPECT_EQ(facts.soa, "1w ns1.ex.com admin.ex.com 0 2h 2h 1w 1h");
    EXPECT_THAT(facts.ns, ElementsAre("ns1.ex.com", "ns3.ex.com"));
    EXPECT_THAT(facts.records,
                ElementsAre("@ A 127.0.0.8", "www 3000 A 127.0.0.8", "@ MX 10 mx.ex.com",
                            "about TXT \"ex.com combined blocklist\""));
    ASSERT_EQ(facts.sections.size(), 4U);
    EXPECT_EQ(facts.sections[0].name, "proxy");
    EXPECT_EQ(facts.sections[0].subzones, "proxies @");
    EXPECT_EQ(facts.sections[0].entries, 2U);
    EXPECT_TRUE(facts.sections[2].skipped);
    EXPECT_EQ(facts.sections[3].type, "generic");
}

struct GuessCase {
    std::string name;
    std::string text;
    ListKind kind;
    std::vector<std::string> records;
};

class RbldnsdGuessTest : public testing::TestWithParam<GuessCase> {};

TEST_P(RbldnsdGuessTest, TellsTheTypeByTheFirstEntry) {
    FormatOptions options = options_for("ip4set");
    options.kind = GetParam().kind;
    const Parsed parsed = parse_text("rbldnsd", GetParam().text, options);
    EXPECT_EQ(parsed.sink.records, GetParam().records);
    EXPECT_THAT(parsed.sink.rejections, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Rbldnsd, RbldnsdGuessTest,
    testing::Values(
        GuessCase{"ip4", "# c\n:2:x\n1.2.3\n", ListKind::Address, {"1.2.3.0/24 127.0.0.2 \"x\""}},
        GuessCase{
            "ip6", ":2:x\n2001:db8:1\n", ListKind::Address, {"2001:db8:1::/48 127.0.0.2 \"x\""}},
        GuessCase{
            "exclusion", "!1.2.3.4\n1.2.3.4-5\n", ListKind::Address, {"!1.2.3.4", "1.2.3.4/31"}},
        GuessCase{
            "names", ":2:x\n.bad.example\n", ListKind::Domain, {".bad.example 127.0.0.2 \"x\""}},
        GuessCase{"generic", "www 3000 A 192.0.2.1\n", ListKind::Domain, {}}),
    kCaseName);

}  // namespace
}  // namespace fairlist::importer
