// The range documents of the clouds; the shapes are those of the published documents.
#include "tests/unit/importer/formats/recording_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kAws = R"({
  "syncToken": "1787368625", "createDate": "2026-08-22-03-17-05",
  "prefixes": [
    {"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "AMAZON", "network_border_group": "ap-northeast-2"},
    {"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "EC2", "network_border_group": "ap-northeast-2"},
    {"ip_prefix": "3.5.140.1/22", "region": "x", "service": "EC2", "network_border_group": "x"},
    {"region": "x"}
  ],
  "ipv6_prefixes": [
    {"ipv6_prefix": "2600:1f00::/40", "region": "us-east-1", "service": "EC2", "network_border_group": "us-east-1"}
  ]
})";
constexpr std::string_view kGcp = R"({"syncToken": "1753409788780", "creationTime": "2025-07-24",
  "prefixes": [{"ipv4Prefix": "34.1.208.0/20", "service": "Google Cloud", "scope": "africa-south1"},
               {"ipv6Prefix": "2600:1900:8000::/44", "service": "Google Cloud", "scope": "asia-east1"},
               {"service": "x"}, 7]})";
constexpr std::string_view kAzure = R"({"changeNumber": 363, "cloud": "Public", "values": [
  {"name": "ActionGroup", "id": "ActionGroup", "properties": {"changeNumber": 50, "region": "",
   "platform": "Azure", "systemService": "ActionGroup", "addressPrefixes": ["4.145.74.52/30", "2603:1000::/40"]}},
  {"name": "Storage.WestUS", "properties": {"region": "westus", "platform": "Azure",
   "systemService": "AzureStorage", "addressPrefixes": ["13.88.144.240/28", 5]}},
  {"name": "Broken"}]})";
constexpr std::string_view kOracle =
    R"({"last_updated_timestamp": "2025-07-21T07:13:25.457838", "regions": [
  {"region": "us-ashburn-1", "cidrs": [{"cidr": "129.80.0.0/16", "tags": ["OCI"]},
                                       {"cidr": "134.70.24.0/21", "tags": ["OSN", "OBJECT_STORAGE"]}]},
  {"region": "eu-milan-1", "cidrs": [{"cidr": "129.152.0.0/19", "tags": ["OCI"]}, {"tags": []}]}]})";

struct CloudCase {
    std::string name;
    std::string_view document;
    std::vector<std::string> select;
    std::string reason;
    std::vector<std::string> records;
    std::vector<std::uint64_t> rejected_items;
};

class CloudFormat : public testing::TestWithParam<CloudCase> {};

TEST_P(CloudFormat, IsToldByContentAndSelected) {
    const CloudCase& c = GetParam();
    FormatOptions options;
    options.select = parse_selection(c.select).value();
    options.reason = c.reason;
    const Parsed parsed = parse_text("", c.document, options);
    ASSERT_TRUE(parsed.result) << parsed.result.error().message;
    EXPECT_TRUE(c.name.starts_with(parsed.format)) << parsed.format;
    EXPECT_EQ(parsed.sink.records, c.records);
    EXPECT_EQ(parsed.sink.rejected_lines(), c.rejected_items);
}

const std::vector<CloudCase> kCloudCases = {
    {"aws", kAws, {}, "plain", {"3.5.140.0/22", "3.5.140.0/22", "2600:1f00::/40"}, {3, 4}},
    {"aws_service",
     kAws,
     {"service=EC2"},
     "{service} in {region}",
     {"3.5.140.0/22 \"EC2 in ap-northeast-2\"", "2600:1f00::/40 \"EC2 in us-east-1\""},
     {3, 4}},
    {"aws_service_and_region",
     kAws,
     {"service=EC2", "service=S3", "region=us-east-1"},
     "",
     {"2600:1f00::/40"},
     {3, 4}},
    {"gcp", kGcp, {}, "", {"34.1.208.0/20", "2600:1900:8000::/44"}, {3, 4}},
    {"gcp_scope",
     kGcp,
     {"scope=asia-east1"},
     "{scope}",
     {"2600:1900:8000::/44 \"asia-east1\""},
     {3, 4}},
    {"azure", kAzure, {}, "", {"4.145.74.52/30", "2603:1000::/40", "13.88.144.240/28"}, {4, 5}},
    {"azure_tag",
     kAzure,
     {"tag=storage.westus"},
     "{tag}: {service}",
     {"13.88.144.240/28 \"Storage.WestUS: AzureStorage\""},
     {4, 5}},
    {"oracle", kOracle, {}, "", {"129.80.0.0/16", "134.70.24.0/21", "129.152.0.0/19"}, {4}},
    {"oracle_tag",
     kOracle,
     {"tag=OBJECT_STORAGE"},
     "{region}",
     {"134.70.24.0/21 \"us-ashburn-1\""},
     {4}},
};

INSTANTIATE_TEST_SUITE_P(Clouds, CloudFormat, testing::ValuesIn(kCloudCases),
                         [](const auto& param) { return param.param.name; });

struct BrokenCase {
    std::string name;
    std::string format;
    std::string document;
    std::string message;
};

class BrokenCloud : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenCloud, FailsAsAWhole) {
    const Parsed parsed = parse_text(GetParam().format, GetParam().document);
    ASSERT_FALSE(parsed.result);
    EXPECT_THAT(parsed.result.error().message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Clouds, BrokenCloud,
    testing::Values(BrokenCase{"cut_short", "aws", std::string(kAws.substr(0, 300)),
                               "feed.txt: JSON: "},
                    BrokenCase{"empty", "aws", "", "JSON"},
                    BrokenCase{"array", "gcp", "[1]", "expected an object"},
                    BrokenCase{"other_document", "azure", std::string(kAws),
                               "not a document of the format azure"},
                    BrokenCase{"no_regions", "oracle", "{}", "no array \"regions\""},
                    BrokenCase{"behind_the_end", "aws", std::string(kAws) + "x", "JSON"},
                    BrokenCase{"deep", "aws", std::string(1000, '['), "JSON"}),
    [](const auto& param) { return param.param.name; });

TEST(CloudFormats, RejectAReasonThatGrowsTooLong) {
    FormatOptions options;
    options.reason = "{region}{region}";
    const std::string document =
        "{\"prefixes\": [{\"ip_prefix\": \"3.5.140.0/22\", \"region\": \"" + std::string(501, 'r') +
        "\"}]}";
    EXPECT_THAT(parse_text("aws", document, options).sink.rejected_lines(), ElementsAre(1));
}

TEST(CloudFormats, RefuseADocumentAboveTheLimit) {
    std::uint64_t given = 0;
    Input input("big.json", [&](std::span<char> out) -> Result<std::size_t> {
        std::ranges::fill(out, ' ');
        out[0] = given == 0 ? '{' : ' ';
        given += out.size();
        return given > (80U << 20U) ? 0 : out.size();
    });
    RecordingSink sink;
    const auto result = parse_input(input, *find_format("aws"), {}, sink);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::OutOfRange);
    EXPECT_LT(given, 70U << 20U);
}

}  // namespace
}  // namespace fairlist::importer
