// The formats of one entry a line: cidr, csv, jsonl, geofeed, domains, hosts.
#include "tests/unit/importer/formats/recording_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct FormatCase {
    std::string name;
    std::string format;
    ListKind kind;
    std::string text;
    std::vector<std::string> records;
    std::vector<std::uint64_t> rejected_lines;
};

class LineFormat : public testing::TestWithParam<FormatCase> {};

TEST_P(LineFormat, GivesRecordsAndRejectsTheRest) {
    const FormatCase& c = GetParam();
    FormatOptions options;
    options.kind = c.kind;
    const Parsed parsed = parse_text(c.format, c.text, options);
    ASSERT_TRUE(parsed.result) << parsed.result.error().message;
    EXPECT_EQ(parsed.sink.records, c.records);
    EXPECT_EQ(parsed.sink.rejected_lines(), c.rejected_lines);
}

constexpr auto kAddress = ListKind::Address;
constexpr auto kDomain = ListKind::Domain;

const std::vector<FormatCase> kCidrCases = {
    {"plain",
     "cidr",
     kAddress,
     "192.0.2.1\n198.51.100.0/24\n2001:db8::/32\n",
     {"192.0.2.1", "198.51.100.0/24", "2001:db8::/32"},
     {}},
    {"drop",
     "cidr",
     kAddress,
     "; Spamhaus DROP List\n1.10.16.0/20 ; SBL256894\n1.32.128.0/18 \n2.56.56.0/22\t;  SBL1 \n",
     {"1.10.16.0/20 \"SBL256894\"", "1.32.128.0/18", "2.56.56.0/22 \"SBL1\""},
     {}},
    {"ipsum",
     "cidr",
     kAddress,
     "# IP\tnumber of (black)lists\n77.90.185.20\t10\n",
     {"77.90.185.20"},
     {}},
    {"comments",
     "cidr",
     kAddress,
     "192.0.2.1 # reason\n192.0.2.2#x\n192.0.2.3;y\n\n",
     {"192.0.2.1", "192.0.2.2", "192.0.2.3 \"y\""},
     {}},
    {"ranges",
     "cidr",
     kAddress,
     "192.0.2.1-192.0.2.2\n192.0.2.4 - 192.0.2.7 ; z\n2001:db8::-2001:db8::f\n",
     {"192.0.2.1", "192.0.2.2", "192.0.2.4/30 \"z\"", "2001:db8::/124"},
     {}},
    {"windows",
     "cidr",
     kAddress,
     "\xEF\xBB\xBF"
     "192.0.2.1\r\n192.0.2.0/24\t\r\n",
     {"192.0.2.1", "192.0.2.0/24"},
     {}},
    {"bad",
     "cidr",
     kAddress,
     "192.0.2.1/"
     "24\n192.0.2\n192.0.2.256\n192.0.2.9-192.0.2.1\n192.0.2.1-2001:db8::1\nexample.com\n1.2.3."
     "04\n192.0.2.1/33\n",
     {},
     {1, 2, 3, 4, 5, 6, 7, 8}},
    {"braces_of_a_comment", "cidr", kAddress, "192.0.2.1 ; {x}\n", {"192.0.2.1 \"{{x}\""}, {}},
};

const std::vector<FormatCase> kCsvCases = {
    {"header",
     "csv",
     kAddress,
     "Subject,Code,Reason,Expires\n192.0.2.1,3,spam,2026-12-01\n192.0.2.0/24,,\"a, \"\"b\"\"\",\n",
     {"192.0.2.1 127.0.0.3 \"spam\" until=2026-12-01T00:00:00Z", "192.0.2.0/24 \"a, \"b\"\""},
     {}},
    {"header_of_others",
     "csv",
     kAddress,
     "\"cidr\",\"hostmin\",\"hostmax\",\"vendor\"\n\"192.0.2.0/"
     "24\",\"192.0.2.1\",\"192.0.2.254\",\"AWS\"\n",
     {"192.0.2.0/24"},
     {}},
    {"header_with_ttl",
     "csv",
     kAddress,
     "subject,ttl\n192.0.2.1,300\n192.0.2.2,1h30m\n192.0.2.3,\n192.0.2.4,soon\n192.0.2.5,8d\n",
     {"192.0.2.1 ttl=300", "192.0.2.2 ttl=5400", "192.0.2.3"},
     {5, 6}},
    {"header_with_exempt",
     "csv",
     kAddress,
     "prefix,exempt\n192.0.2.0/24,yes\n192.0.2.1,no\n192.0.2.2,maybe\n",
     {"!192.0.2.0/24", "192.0.2.1"},
     {4}},
    {"ipcat",
     "csv",
     kAddress,
     "3.0.0.0,3.1.255.255,Amazon "
     "AWS,http://www.amazon.com/aws/\n5.9.0.0,5.9.255.254,Hetzner,x\n5.9.9.9,5.9.9.8,x,y\n",
     {"3.0.0.0/15 \"Amazon AWS\"", "5.9.0.0/17 \"Hetzner\"", "5.9.128.0/18 \"Hetzner\"",
      "5.9.192.0/19 \"Hetzner\"", "5.9.224.0/20 \"Hetzner\"", "5.9.240.0/21 \"Hetzner\"",
      "5.9.248.0/22 \"Hetzner\"", "5.9.252.0/23 \"Hetzner\"", "5.9.254.0/24 \"Hetzner\"",
      "5.9.255.0/25 \"Hetzner\"", "5.9.255.128/26 \"Hetzner\"", "5.9.255.192/27 \"Hetzner\"",
      "5.9.255.224/28 \"Hetzner\"", "5.9.255.240/29 \"Hetzner\"", "5.9.255.248/30 \"Hetzner\"",
      "5.9.255.252/31 \"Hetzner\"", "5.9.255.254 \"Hetzner\""},
     {3}},
    {"no_header",
     "csv",
     kAddress,
     "# comment\n192.0.2.0/24,4,why {address}\n192.0.2.4-192.0.2.5,127.0.0.9\n",
     {"192.0.2.0/24 127.0.0.4 \"why {address}\"", "192.0.2.4/31 127.0.0.9"},
     {}},
    {"names",
     "csv",
     kDomain,
     "domain,reason\nExample.com,phish\n*.bad.example,\n",
     {"example.com \"phish\"", "*.bad.example"},
     {}},
    {"hashes",
     "csv",
     ListKind::Hash,
     "hash\nda39a3ee5e6b4b0d3255bfef95601890afd80709\n",
     {"da39a3ee5e6b4b0d3255bfef95601890afd80709"},
     {}},
    {"bad",
     "csv",
     kAddress,
     "subject,code,expires\n,2,\n192.0.2.1,1,\n192.0.2.1,x,\n192.0.2.1,,tomorrow\n\"192.0.2.1,"
     "2\n\"192.0.2.1\"x,2\nexample.com,2,\n",
     {},
     {2, 3, 4, 5, 6, 7, 8}},
    {"too_many_fields",
     "csv",
     kAddress,
     "192.0.2.1" + std::string(70, ',') + "\n192.0.2.2\n",
     {"192.0.2.2"},
     {1}},
    {"reason_too_long", "csv", kAddress, "192.0.2.1,," + std::string(1001, 'x') + "\n", {}, {1}},
};

const std::vector<FormatCase> kJsonCases = {
    {"members",
     "jsonl",
     kAddress,
     R"({"subject":"192.0.2.1","code":"127.0.0.4","reason":"x","expires":"2026-12-01T10:00:00Z"})"
     "\n"
     R"({"prefix":"192.0.2.0/24","code":5,"expires":1796120400,"exempt":true,"other":[1,2]})"
     "\n",
     {"192.0.2.1 127.0.0.4 \"x\" until=2026-12-01T10:00:00Z",
      "!192.0.2.0/24 127.0.0.5 until=2026-12-01T10:20:00Z"},
     {}},
    {"ttl",
     "jsonl",
     kAddress,
     R"({"ip":"192.0.2.1","ttl":300})"
     "\n"
     R"({"ip":"192.0.2.2","ttl_seconds":null})"
     "\n"
     R"({"ip":"192.0.2.3","ttl":"1h"})"
     "\n"
     R"({"ip":"192.0.2.4","ttl":-1})"
     "\n",
     {"192.0.2.1 ttl=300", "192.0.2.2", "192.0.2.3 ttl=3600"},
     {4}},
    // It would split the line of every export.
    {"reason_of_two_lines",
     "jsonl",
     kAddress,
     R"({"ip":"192.0.2.1","reason":"a\nb"})"
     "\n",
     {},
     {1}},
    {"drop_v4",
     "jsonl",
     kAddress,
     R"({"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"})"
     "\n\n"
     R"({"type":"metadata","timestamp":1707000000,"size":1})"
     "\n",
     {"1.10.16.0/20 \"SBL256894\""},
     {}},
    {"asn_drop_as_names",
     "jsonl",
     kDomain,
     R"({"asn":932,"rir":"arin","domain":"xn.net","cc":"US","asname":"XNNET"})"
     "\n",
     {"xn.net"},
     {}},
    {"bad",
     "jsonl",
     kAddress,
     "{\"ip\":\"192.0.2.1\"\n[1]\n{}\n{\"ip\":[\"192.0.2.1\"]}\n{\"ip\":\"192.0.2.1\",\"code\":2.5}"
     "\n{\"ip\":\"x\"}\nnull\n" +
         std::string(20, '[') + "\n",
     {},
     {1, 2, 3, 4, 5, 6, 7, 8}},
};

const std::vector<FormatCase> kGeofeedCases = {
    {"rfc_8805",
     "geofeed",
     kAddress,
     "# "
     "prefix,country_code,region_code,city,postal\n192.0.2.0/"
     "25,US,US-AL,,\n192.0.2.5,US,US-AL,Alabaster,\n2001:db8::/32,PL,PL-14,,02-784\n203.0.113.0/"
     "24,,,,\n",
     {"192.0.2.0/25", "192.0.2.5", "2001:db8::/32", "203.0.113.0/24"},
     {}},
    {"short_rows",
     "geofeed",
     kAddress,
     "192.0.2.0/25,US\n192.0.2.128/25\n",
     {"192.0.2.0/25", "192.0.2.128/25"},
     {}},
    {"bad",
     "geofeed",
     kAddress,
     "192.0.2.1/25,US,,,\n192.0.2.0/24,USA,,,\nx,US,,,\n",
     {},
     {1, 2, 3}},
};

const std::vector<FormatCase> kNameCases = {
    {"domains",
     "domains",
     kDomain,
     "# list\nExample.COM\n*.bad.example # c\n.worse.example ; c\nb\xC3\xBC"
     "cher.example\n_dmarc.a.example\n",
     {"example.com", "*.bad.example", ".worse.example", "xn--bcher-kva.example",
      "_dmarc.a.example"},
     {}},
    {"domains_mistaken",
     "domains",
     kDomain,
     "192.0.2.1\n*.192.0.2.1\n192.0.2.0/24\n2001:db8::1\na@x.example\n",
     {},
     {1, 2, 3, 4, 5}},
    {"csv_mistaken",
     "csv",
     kDomain,
     "domain,reason\n192.0.2.1,a\nhttp://x.example/,b\nx.example,c\n",
     {"x.example \"c\""},
     {2, 3}},
    {"domains_bad",
     "domains",
     kDomain,
     "a b\nhttp://x.example/\na..b\n||ads.example^\nx.example:8080\n" + std::string(254, 'a') +
         "\n",
     {},
     {1, 2, 3, 4, 5, 6}},
    {"hosts",
     "hosts",
     kDomain,
     "127.0.0.1 localhost\n::1 localhost ip6-loopback\nfe80::1%lo0 localhost\n255.255.255.255 "
     "broadcasthost\n0.0.0.0 0.0.0.0\n0.0.0.0 ads.example # why\n0.0.0.0 a.example "
     "b.example\n127.0.0.1\tc.example\n:: d.example\n",
     {"ads.example", "a.example", "b.example", "c.example", "d.example"},
     {}},
    {"hosts_bad",
     "hosts",
     kDomain,
     "192.168.1.1 router.example\nads.example\n0.0.0.0\n0.0.0.0 a_/b\n",
     {},
     {1, 2, 3, 4}},
};

const auto kCaseName = [](const auto& param) {
    return param.param.name;
};
INSTANTIATE_TEST_SUITE_P(Cidr, LineFormat, testing::ValuesIn(kCidrCases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Csv, LineFormat, testing::ValuesIn(kCsvCases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Json, LineFormat, testing::ValuesIn(kJsonCases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Geofeed, LineFormat, testing::ValuesIn(kGeofeedCases), kCaseName);
INSTANTIATE_TEST_SUITE_P(Names, LineFormat, testing::ValuesIn(kNameCases), kCaseName);

TEST(LineFormats, TellFileLineTextAndWhy) {
    const Parsed parsed = parse_text("cidr", "192.0.2.1\nfoo\tbar\n");
    ASSERT_EQ(parsed.sink.rejections.size(), 1U);
    const Rejection& rejection = parsed.sink.rejections.front();
    EXPECT_EQ(rejection.file, "feed.txt");
    EXPECT_EQ(rejection.line, 2U);
    EXPECT_EQ(rejection.text, "foo\\x09bar");
    EXPECT_THAT(rejection.why, HasSubstr("\"foo\" is no address"));
}

TEST(LineFormats, RejectLinesThatAreTooLongOrHoldANul) {
    const std::string text =
        "192.0.2.1\n" + std::string(70'000, '1') + "\n192.0.2.2\n" + std::string("19\0", 3) + "2\n";
    const Parsed parsed = parse_text("cidr", text);
    EXPECT_THAT(parsed.sink.records, ElementsAre("192.0.2.1", "192.0.2.2"));
    ASSERT_THAT(parsed.sink.rejected_lines(), ElementsAre(2, 4));
    EXPECT_EQ(parsed.sink.rejections[0].why, "line longer than 64 KiB");
    EXPECT_THAT(parsed.sink.rejections[1].why, HasSubstr("NUL"));
}

TEST(LineFormats, StopWhenTheSinkWantsNoMore) {
    Input input = text_input("a\nb\nc\n192.0.2.1\n");
    RecordingSink sink(1);
    const auto result = parse_input(input, *find_format("cidr"), {}, sink);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::OutOfRange);
    EXPECT_THAT(sink.rejected_lines(), ElementsAre(1, 2));
    EXPECT_THAT(sink.records, IsEmpty());
}

TEST(LineFormats, ReportAFailureOfTheSource) {
    Input input("feed.txt", [](std::span<char>) -> Result<std::size_t> {
        return fail(Errc::Io, "connection lost");
    });
    RecordingSink sink;
    const auto result = parse_input(input, nullptr, {}, sink);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, "connection lost");
}

TEST(Geofeed, SelectsAndFillsTheReason) {
    FormatOptions options;
    options.select = parse_selection(std::vector<std::string>{"country=US", "country=pl"}).value();
    options.reason = "space in {city}, {country}; see {address}";
    const Parsed parsed = parse_text(
        "geofeed", "192.0.2.0/25,US,US-AL,Alaba{ster,\n192.0.2.128/25,DE,,,\n2001:db8::/32,PL,,,\n",
        options);
    EXPECT_THAT(parsed.sink.records,
                ElementsAre("192.0.2.0/25 \"space in Alaba{{ster, US; see {address}\"",
                            "2001:db8::/32 \"space in , PL; see {address}\""));
}

TEST(Formats, RefuseAListOfAnotherKindAndUnknownSelections) {
    FormatOptions options;
    options.kind = ListKind::Domain;
    const Parsed other_kind = parse_text("cidr", "192.0.2.1\n", options);
    ASSERT_FALSE(other_kind.result);
    EXPECT_THAT(other_kind.result.error().message, HasSubstr("but the list is of kind"));

    options.kind = ListKind::Address;
    options.select = parse_selection(std::vector<std::string>{"servce=EC2"}).value();
    const Parsed unknown = parse_text("aws", "{}", options);
    ASSERT_FALSE(unknown.result);
    EXPECT_THAT(unknown.result.error().message, HasSubstr("service, region"));
    EXPECT_FALSE(find_format("cdir"));
}

}  // namespace
}  // namespace fairlist::importer
