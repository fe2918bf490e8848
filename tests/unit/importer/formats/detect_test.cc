#include "importer/formats/detect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;

struct DetectCase {
    std::string name;
    std::string head;
    std::string format;
    ListKind kind = ListKind::Address;
};

class Detect : public testing::TestWithParam<DetectCase> {};

TEST_P(Detect, TellsTheFormatByContent) {
    const auto format = detect_format(GetParam().head, "feed.txt", GetParam().kind);
    ASSERT_TRUE(format) << format.error().message;
    EXPECT_EQ((*format)->name, GetParam().format);
}

const std::vector<DetectCase> kDetectCases = {
    {"drop", "; Spamhaus DROP List\n1.10.16.0/20 ; SBL256894\n1.32.128.0/18 \n", "cidr"},
    {"drop_v6", "2a12:2640::/29 \n2a13:ef45::/32 \n", "cidr"},
    {"ipsum", "# IPsum\n#\n# IP\tnumber of (black)lists\n77.90.185.20\t10\n", "cidr"},
    {"tmobile", "# Generated from https://x.example/geo.txt\n172.32.0.0/11\n208.54.137.250/32\n",
     "cidr"},
    {"windows", "46.172.224.0/19\r\n46.175.156.0/22\r\n", "cidr"},
    {"ranges", "192.0.2.1-192.0.2.9\n192.0.2.20 - 192.0.2.29\n", "cidr"},
    {"digitalocean",
     "5.101.96.0/21,NL,NL-NH,Amsterdam,1098 XH\n5.101.104.0/22,NL,NL-NH,Amsterdam,1098 XH\n",
     "geofeed"},
    {"linode",
     "# This file contains a self-published geofeed\n# ip_prefix, alpha2code, region, city, "
     "postal_code\n2600:3c00::/32,US,US-TX,Richardson,\n",
     "geofeed"},
    {"starlink", "14.1.64.0/24,PH,PH-00,Manila,\n", "geofeed"},
    {"ipcat", "3.0.0.0,3.1.255.255,Amazon AWS,http://www.amazon.com/aws/\n", "csv"},
    {"csv_header", "subject,code,reason,expires\n192.0.2.1,2,spam,\n", "csv"},
    {"csv_quoted",
     "\"cidr\",\"hostmin\",\"hostmax\",\"vendor\"\n\"192.0.2.0/"
     "24\",\"192.0.2.1\",\"192.0.2.254\",\"AWS\"\n",
     "csv"},
    {"csv_no_header", "192.0.2.0/24,2,spam\n", "csv"},
    {"asn_drop", "{\"asn\":932,\"rir\":\"arin\",\"domain\":\"xn.net\"}\n{\"asn\":6060}\n", "jsonl"},
    {"aws",
     "{\n  \"syncToken\": \"1\",\n  \"prefixes\": [\n    {\n      \"ip_prefix\": \"3.4.12.4/32\"",
     "aws"},
    {"aws_in_one_line", "{\"prefixes\":[{\"ip_prefix\":\"3.4.12.4/32\"}]}", "aws"},
    {"gcp", "{\n  \"prefixes\": [{\n    \"ipv4Prefix\": \"34.1.208.0/20\"", "gcp"},
    {"azure", "{\r\n  \"values\": [\r\n    {\"properties\": {\"addressPrefixes\": [", "azure"},
    {"oracle", "{\n \"regions\": [{\"region\": \"x\", \"cidrs\": [{\"cidr\": \"129.80.0.0/16\"",
     "oracle"},
    {"psbl",
     "$SOA 3600 ns.example hm.example 0 1h 1h 1w "
     "1h\n:127.0.0.2:https://x.example/?ip=$\n127.0.0.2\n1.2.3.4\n",
     "rbldnsd"},
    {"rbldnsd_djb", "#$TTL 2100\n:2:Listed\n1.2.3.4\n", "rbldnsd"},
    {"rbldnsd_defaults", ":2:Listed $\n1.2.3.4\n", "rbldnsd"},
    {"rbldnsd_values", "1.2.3.4 :2:text\n1.2.3.5\n", "rbldnsd"},
    {"rbldnsd_texts", "1.2.3.4 Open relay\n", "rbldnsd"},
    {"rbldnsd_exclusions", "1.2.3.0/24\n!1.2.3.4\n", "rbldnsd"},
    {"rbldnsd_short_forms", "127/8\n1.2.3\n", "rbldnsd"},
    {"rbldnsd_short_ranges", "1.2.3.4-9\n", "rbldnsd"},
    {"rbldnsd_ip6", "2001:db8:1:2\n2001:db8\n", "rbldnsd"},
    {"rbldnsd_names", ".bad.example :3:phish\ngood.example\n", "rbldnsd", ListKind::Domain},
    {"rbldnsd_combined", "# c\n$DATASET ip4set @\n1.2.3.4\n", "rbldnsd"},
    {"domains", "# list\nads.example\n*.tracker.example\n.worse.example # c\n", "domains",
     ListKind::Domain},
    {"hosts", "127.0.0.1 localhost\n::1 localhost\n0.0.0.0 ads.example\n0.0.0.0 b.example\n",
     "hosts", ListKind::Domain},
    {"empty", "", "cidr"},
    {"empty_names", "\n\n", "domains", ListKind::Domain},
    {"only_comments", "# nothing today\n", "cidr"},
};

INSTANTIATE_TEST_SUITE_P(Formats, Detect, testing::ValuesIn(kDetectCases),
                         [](const auto& param) { return param.param.name; });

TEST(DetectFormat, SaysWhatItCannotTell) {
    const auto page = detect_format("<!DOCTYPE html>\n<html>", "feed", ListKind::Address);
    ASSERT_FALSE(page);
    EXPECT_THAT(page.error().message, HasSubstr("looks like a web page"));
    const auto words = detect_format("lorem ipsum dolor\n", "feed", ListKind::Address);
    ASSERT_FALSE(words);
    EXPECT_THAT(words.error().message, HasSubstr("feed: cannot tell the format"));
    EXPECT_FALSE(detect_format("{\"a\":\n1}", "feed", ListKind::Address));
}

}  // namespace
}  // namespace fairlist::importer
