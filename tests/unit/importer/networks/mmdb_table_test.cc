#include "importer/networks/mmdb_table.h"

#include "importer/networks/open_networks.h"
#include "listing/model/prefix.h"
#include "tests/unit/importer/fetch/packed.h"
#include "tests/unit/importer/fetch/test_folder.h"
#include "tests/unit/importer/networks/lookup_program.h"
#include "tests/unit/importer/networks/mmdb_writer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

MmdbMap geolite(std::uint32_t asn, const std::string& name) {
    return {{"autonomous_system_number", {asn}}, {"autonomous_system_organization", {name}}};
}

MmdbMap ipinfo(const std::string& asn, const std::string& name, const std::string& country) {
    return {{"asn", {asn}},
            {"as_domain", {std::string("example.com")}},
            {"as_name", {name}},
            {"continent", {std::string("Europe")}},
            {"country", {std::string("Germany")}},
            {"country_code", {country}}};
}

std::string shown(const NetworkTable& table, const std::string& address) {
    const auto network = table.find(parse_address(address).value());
    return network ? fmt::format("{}|{}|{}", network->asn, network->name, network->country) : "-";
}

std::string geolite_bytes(const MmdbOptions& options) {
    MmdbWriter writer(options);
    writer.add("192.0.2.0/24", geolite(64500, "EXAMPLE-NET"));
    writer.add("192.0.2.128/25", geolite(64501, "EXAMPLE-CLOUD"));
    writer.add("192.0.2.130", geolite(4'294'967'295, "EXAMPLE-NET"));
    writer.add("198.51.100.0/24", geolite(0, "NOT-ROUTED"));
    if (options.ip_version == 6) {
        writer.add("2001:db8::/32", geolite(64500, "EXAMPLE-NET"));
        writer.add("2001:db8:1::/48", geolite(64502, std::string(200, 'x')));
    }
    return writer.bytes();
}

struct LayoutCase {
    std::string name;
    MmdbOptions options;
};

class MmdbLayout : public testing::TestWithParam<LayoutCase> {
  protected:
    TestFolder folder_;
};

TEST_P(MmdbLayout, OfGeoLite2IsRead) {
    const std::string bytes = geolite_bytes(GetParam().options);
    for (const std::string& packed : {bytes, gzipped(bytes), zstd_packed(bytes)}) {
        const auto table = open_networks(folder_.write("asn.mmdb", packed));
        ASSERT_TRUE(table) << table.error().message;
        EXPECT_EQ(shown(**table, "192.0.2.1"), "64500|EXAMPLE-NET|");
        EXPECT_EQ(shown(**table, "192.0.2.129"), "64501|EXAMPLE-CLOUD|");
        EXPECT_EQ(shown(**table, "192.0.2.130"), "4294967295|EXAMPLE-NET|");
        EXPECT_EQ(shown(**table, "192.0.2.131"), "64501|EXAMPLE-CLOUD|");
        EXPECT_EQ(shown(**table, "198.51.100.1"), "-");
        EXPECT_EQ(shown(**table, "203.0.113.1"), "-");
        const bool v6 = GetParam().options.ip_version == 6;
        EXPECT_EQ(shown(**table, "2001:db8::1"), v6 ? "64500|EXAMPLE-NET|" : "-");
        EXPECT_EQ(shown(**table, "2001:db8:1::1"),
                  v6 ? "64502|" + std::string(200, 'x') + "|" : "-");
        EXPECT_EQ(shown(**table, "2001:db9::1"), "-");
    }
}

std::vector<std::string> texts_of(const std::vector<Prefix>& prefixes) {
    std::vector<std::string> texts;
    for (const Prefix& prefix : prefixes) {
        texts.push_back(to_string(prefix));
    }
    return texts;
}

TEST_P(MmdbLayout, GivesTheSpaceOfNetworks) {
    const auto table = open_networks(folder_.write("asn.mmdb", geolite_bytes(GetParam().options)));
    ASSERT_TRUE(table) << table.error().message;
    const bool v6 = GetParam().options.ip_version == 6;
    const std::vector<std::uint32_t> one = {64501};
    EXPECT_EQ(texts_of((*table)->prefixes_of(one)),
              (std::vector<std::string>{"192.0.2.128/31", "192.0.2.131", "192.0.2.132/30",
                                        "192.0.2.136/29", "192.0.2.144/28", "192.0.2.160/27",
                                        "192.0.2.192/26"}));
    const std::vector<std::uint32_t> two = {64500, 64502};
    const auto found = texts_of((*table)->prefixes_of(two));
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front(), "192.0.2.0/25");
    EXPECT_EQ(std::ranges::count(found, "2001:db8:1::/48"), v6 ? 1 : 0);
    EXPECT_EQ(std::ranges::count(found, "2001:db8::/48"), v6 ? 1 : 0);
    for (const std::string& prefix : found) {
        const auto network = (*table)->find(parse_prefix(prefix).value().base);
        ASSERT_TRUE(network) << prefix;
        EXPECT_NE(network->asn, 64501U) << prefix;
    }
    EXPECT_TRUE((*table)->prefixes_of(std::vector<std::uint32_t>{65000}).empty());
}

// libmaxminddb's own program as the referee, over addresses at and around the borders.
TEST_P(MmdbLayout, IsReadAsMmdblookupReadsIt) {
    const std::string path = folder_.write("asn.mmdb", geolite_bytes(GetParam().options));
    const auto table = open_networks(path);
    ASSERT_TRUE(table) << table.error().message;
    std::vector<std::string> addresses = {
        "192.0.1.255", "192.0.2.0",   "192.0.2.127", "192.0.2.128", "192.0.2.130",
        "192.0.2.131", "192.0.2.255", "192.0.3.0",   "0.0.0.0",     "255.255.255.255"};
    if (GetParam().options.ip_version == 6) {
        addresses.insert(
            addresses.end(),
            {"2001:db8::", "2001:db8:1::", "2001:db8:2::", "2001:db7:ffff::", "2001:db9::"});
    }
    for (const std::string& address : addresses) {
        const LookupAnswer answer =
            mmdblookup(path, address, "autonomous_system_number", folder_.path());
        ASSERT_TRUE(answer.was_run) << "no mmdblookup: tools/setup --with-tests installs it";
        const auto network = (*table)->find(parse_address(address).value());
        const std::string ours = network ? std::to_string(network->asn) : "";
        EXPECT_EQ(answer.number, ours) << address;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Mmdb, MmdbLayout,
    testing::Values(LayoutCase{"bits_24", {.record_bits = 24}},
                    LayoutCase{"bits_28", {.record_bits = 28}},
                    LayoutCase{"bits_32", {.record_bits = 32}},
                    LayoutCase{"v4_bits_24", {.record_bits = 24, .ip_version = 4}},
                    LayoutCase{"v4_bits_28", {.record_bits = 28, .ip_version = 4}}),
    [](const auto& param) { return param.param.name; });

struct RecordCase {
    std::string name;
    MmdbMap record;
    std::string network;
};

class MmdbRecordKeys : public testing::TestWithParam<RecordCase> {
  protected:
    TestFolder folder_;
};

TEST_P(MmdbRecordKeys, AreRead) {
    MmdbWriter writer;
    // Makes the keys pointers in the record looked at.
    writer.add("2001:db8::/32", ipinfo("AS64999", "Other", "FR"));
    writer.add("192.0.2.0/24", GetParam().record);
    const auto table = open_networks(folder_.write("nets.mmdb", writer.bytes()));
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_EQ(shown(**table, "192.0.2.1"), GetParam().network);
    EXPECT_EQ(shown(**table, "2001:db8::1"), "64999|Other|FR");
}

const MmdbMap kNames = {{"de", {std::string("Deutschland")}}, {"en", {std::string("Germany")}}};
// An asn in here is not the record's.
const MmdbMap kTraits = {{"list", {MmdbArray{{"a", "asn", "AS1"}}}},
                         {"names", {kNames}},
                         {"asn", {std::string("AS1")}},
                         {"empty", {MmdbMap{}}},
                         {"none", {MmdbArray{}}}};

INSTANTIATE_TEST_SUITE_P(
    Mmdb, MmdbRecordKeys,
    testing::Values(
        RecordCase{"ipinfo", ipinfo("AS64500", "Example", "DE"), "64500|Example|DE"},
        RecordCase{"not_told", ipinfo("", "", ""), "-"},
        RecordCase{"flat_numbers",
                   {{"asn", {std::uint32_t{64500}}},
                    {"name", {std::string("Example")}},
                    {"country_code", {std::string("de")}}},
                   "64500|Example|DE"},
        RecordCase{"old_ipinfo",
                   {{"asn", {std::string("AS64500")}},
                    {"name", {std::string("Example")}},
                    {"country", {std::string("DE")}}},
                   "64500|Example|DE"},
        RecordCase{"country_is_a_name",
                   {{"asn", {std::string("AS64500")}}, {"country", {std::string("Germany")}}},
                   "64500||"},
        RecordCase{"as_name_before_name",
                   {{"name", {std::string("Other")}},
                    {"as_name", {std::string("Example")}},
                    {"asn", {std::string("64500")}}},
                   "64500|Example|"},
        RecordCase{"uint16", {{"asn", {MmdbUint16{64500}}}}, "64500||"},
        RecordCase{"uint64", {{"asn", {std::uint64_t{64500}}}}, "64500||"},
        RecordCase{"uint64_too_large", {{"asn", {std::uint64_t{1} << 32U}}}, "-"},
        RecordCase{"int32", {{"asn", {MmdbRaw{{"\x02\x01\xfb\xf4", 4}}}}}, "64500||"},
        RecordCase{"int32_negative", {{"asn", {MmdbRaw{"\x04\x01\xff\xff\xff\xff"}}}}, "-"},
        RecordCase{"asn_is_a_word", {{"asn", {std::string("none")}}}, "-"},
        RecordCase{"name_is_a_number",
                   {{"asn", {std::uint32_t{64500}}}, {"name", {std::uint32_t{1}}}},
                   "64500||"},
        RecordCase{"name_made_tidy",
                   {{"asn", {std::uint32_t{64500}}},
                    {"name",
                     {std::string("a\x1b\xFF"
                                  "b")}}},
                   "64500|a??b|"},
        RecordCase{
            "nested_before", {{"traits", {kTraits}}, {"asn", {std::string("AS64500")}}}, "64500||"},
        RecordCase{"nested_alone", {{"traits", {kTraits}}}, "-"}, RecordCase{"nothing", {}, "-"}),
    [](const auto& param) { return param.param.name; });

// A pointer to a map, as databases write what many records share.
TEST(MmdbPointer, ToANestedMapIsPassedOver) {
    MmdbWriter writer;
    // The first record's map of "shared" begins behind its control byte and the key of 7 letters.
    writer.add("2001:db8::/32", {{"shared", {kNames}}, {"asn", {std::string("AS64501")}}});
    const std::string to_map{"\x20\x08", 2};
    writer.add("192.0.2.0/24", {{"shared", {MmdbRaw{to_map}}},
                                {"asn", {std::string("AS64500")}},
                                {"name", {std::string("behind")}}});
    const TestFolder folder;
    const auto table = open_networks(folder.write("nets.mmdb", writer.bytes()));
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_EQ(shown(**table, "192.0.2.1"), "64500|behind|");
    EXPECT_EQ(shown(**table, "2001:db8::1"), "64501||");
}

struct BadCase {
    std::string name;
    std::string bytes;
    std::string why;
};

class MmdbBad : public testing::TestWithParam<BadCase> {};

TEST_P(MmdbBad, IsRefusedWithItsName) {
    const TestFolder folder;
    const std::string path = folder.write("bad.mmdb", GetParam().bytes);
    const auto table = open_networks(path);
    ASSERT_FALSE(table);
    EXPECT_THAT(table.error().message, StartsWith(path + ": "));
    EXPECT_THAT(table.error().message, HasSubstr(GetParam().why));
}

std::string of_one_record(const MmdbMap& record, MmdbOptions options = {}) {
    MmdbWriter writer(std::move(options));
    writer.add("192.0.2.0/24", record);
    return writer.bytes();
}

std::string deep(std::size_t levels) {
    std::string bytes;
    for (std::size_t i = 0; i < levels; ++i) {
        bytes +=
            "\xE1\x41"
            "a";  // a map of one, key "a"
    }
    return bytes + "\xE0";
}

std::string with_metadata_of(std::size_t bytes) {
    return geolite_bytes({}) + std::string(bytes, '\0');
}

// The first node's left record, of 24 bits.
std::string with_first_record(std::uint32_t value) {
    std::string bytes = geolite_bytes({});
    bytes[0] = static_cast<char>(value >> 16U);
    bytes[1] = static_cast<char>(value >> 8U & 0xFF);
    bytes[2] = static_cast<char>(value & 0xFF);
    return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Mmdb, MmdbBad,
    testing::Values(
        BadCase{"zeros", std::string(1000, '\0'), "no MaxMind DB, or cut short"},
        BadCase{"an_executable",
                std::string("\x7f"
                            "ELF\0\0\0\0",
                            8),
                "no MaxMind DB"},
        BadCase{"marker_alone", std::string("\0", 1) + std::string(kMmdbMarker),
                "damaged MaxMind DB: "},
        BadCase{"large_metadata", with_metadata_of(17UZ << 10U), "with more than 16 KiB"},
        BadCase{"marker_far_from_the_end", with_metadata_of(129UZ << 10U), "no MaxMind DB"},
        BadCase{"countries",
                of_one_record({{"country", {MmdbMap{{"iso_code", {std::string("DE")}}}}}},
                              {.type = "GeoLite2-Country"}),
                "of type \"GeoLite2-Country\" that names no network: expected records with"},
        BadCase{"record_past_the_end", with_first_record(0xFF'FFFF),
                "damaged MaxMind DB: node 0: "},
        BadCase{"value_cut_off", of_one_record({{"asn", {MmdbRaw{"\x5F\xFF\xFF\xFF"}}}}),
                "damaged MaxMind DB: node "},
        BadCase{"key_is_a_number",
                of_one_record({{"asn", {MmdbRaw{"\xE1\xA1\x01\xA1\x01"}}},
                               {"b", {MmdbRaw{"\xC1\x01\xC1\x01"}}},
                               {"c", {std::string("x")}}}),
                "a key that is no text"},
        BadCase{"deep", of_one_record({{"a", {MmdbRaw{deep(200'000)}}}}),
                "a record of more than 2000 values"},
        BadCase{"huge_map", of_one_record({{"a", {MmdbRaw{"\xFF\xFF\xFF\xFF"}}}}),
                "damaged MaxMind DB: node "}),
    [](const auto& param) { return param.param.name; });

TEST(MmdbCut, IsNeverRead) {
    const std::string bytes = geolite_bytes({});
    const TestFolder folder;
    for (std::size_t length = 1; length < bytes.size(); length += 3) {
        const std::string path = folder.write("cut.mmdb", bytes.substr(0, length));
        const auto table = open_networks(path);
        ASSERT_FALSE(table) << length;
        ASSERT_THAT(table.error().message, HasSubstr(path));
    }
}

// Whatever was damaged: refused with the name, or read within the bounds of its values.
TEST(MmdbDamaged, IsRefusedOrReadWithinBounds) {
    std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same damage every time
    const std::string sound = geolite_bytes({});
    const TestFolder folder;
    int refused = 0;
    for (int round = 0; round < 1500; ++round) {
        std::string bytes = sound;
        for (std::uint64_t i = 0; i <= random() % 4; ++i) {
            bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        }
        const std::string path = folder.write("damaged.mmdb", bytes);
        const auto table = open_networks(path);
        if (!table) {
            ++refused;
            ASSERT_THAT(table.error().message, HasSubstr(path));
            continue;
        }
        for (const char* address : {"192.0.2.1", "192.0.2.130", "2001:db8:1::1", "ffff::"}) {
            const auto network = (*table)->find(parse_address(address).value());
            if (network) {
                ASSERT_NE(network->asn, 0U);
                ASSERT_LE(network->name.size(), kNetworkNameBytesMax);
            }
        }
    }
    EXPECT_GT(refused, 100);
}

TEST(MmdbFile, TellsWhatItIsAndWhenItIsStale) {
    const TestFolder folder;
    const std::string path = folder.write(
        "asn.mmdb",
        of_one_record(geolite(64500, "OLD"), {.type = "GeoLite2-ASN", .built = 1'795'292'885}));
    const auto table = open_networks(path);
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_EQ((*table)->source(), "GeoLite2-ASN of 2026-11-21, " + path);
    EXPECT_FALSE((*table)->is_stale());

    const std::string next = folder.write("new.mmdb", of_one_record(geolite(64501, "NEW")));
    std::filesystem::rename(next, path);
    EXPECT_TRUE((*table)->is_stale());
    EXPECT_EQ(shown(**table, "192.0.2.1"), "64500|OLD|");
    const auto again = open_networks(path);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(shown(**again, "192.0.2.1"), "64501|NEW|");
}

// A copy over the file in place cuts it first: a map of the file itself would end the process.
TEST(MmdbFile, IsAnsweredFromWhenItWasCutInPlace) {
    const TestFolder folder;
    const std::string path = folder.write("asn.mmdb", geolite_bytes({}));
    const auto table = open_networks(path);
    ASSERT_TRUE(table) << table.error().message;
    std::filesystem::resize_file(path, 0);
    EXPECT_TRUE((*table)->is_stale());
    EXPECT_EQ(shown(**table, "192.0.2.1"), "64500|EXAMPLE-NET|");
    const auto again = open_networks(path);
    EXPECT_FALSE(again);
}

}  // namespace
}  // namespace fairlist::importer
