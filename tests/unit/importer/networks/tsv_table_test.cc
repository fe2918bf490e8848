#include "importer/networks/tsv_table.h"

#include "importer/networks/open_networks.h"
#include "listing/model/prefix.h"
#include "tests/unit/importer/fetch/packed.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Result<std::unique_ptr<TsvTable>> load(const std::string& path, const TsvOptions& options = {}) {
    auto file = open_table_file(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    return read_tsv_table(std::move(*file), options);
}

std::string shown(const NetworkTable& table, const std::string& address) {
    const auto network = table.find(parse_address(address).value());
    return network ? fmt::format("{}|{}|{}", network->asn, network->name, network->country) : "-";
}

constexpr std::string_view kPrefixes =
    "# a comment\n"
    "\n"
    "192.0.2.0/24\t64500\tExample Net\tDE\n"
    "192.0.2.128/25\tAS64501\tExample Cloud\tus\n"
    "192.0.2.130\t64502\t\t\n"
    "192.0.2.192/26\t0\tNot routed\tNone\n"
    "2001:db8::/32\t64500\tExample Net\tDE\n"
    "2001:db8:1::/48\t4294967295\tT\xC3\xBCrk\x1b Telekom\tTR\r\n";

constexpr std::string_view kRanges =
    "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n"
    "1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n"
    "1.0.4.0\t1.0.7.255\t38803\tAU\tWPL-AS-AP Wirefreebroadband Pty Ltd\n"
    "2001:200::\t2001:200:5ff:ffff:ffff:ffff:ffff:ffff\t2500\tJP\tWIDE-BB WIDE Project\n";

struct FindCase {
    std::string name;
    std::string_view table;
    std::string address;
    std::string network;
};

class TsvFind : public testing::TestWithParam<FindCase> {
  protected:
    TestFolder folder_;
};

TEST_P(TsvFind, GivesTheNarrowest) {
    const std::string text(GetParam().table);
    for (const std::string& packed : {text, gzipped(text), zstd_packed(text)}) {
        const auto table = open_networks(folder_.write("nets.tsv", packed));
        ASSERT_TRUE(table) << table.error().message;
        EXPECT_THAT((*table)->faults(), IsEmpty());
        EXPECT_EQ(shown(**table, GetParam().address), GetParam().network);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Tsv, TsvFind,
    testing::Values(
        FindCase{"wide", kPrefixes, "192.0.2.127", "64500|Example Net|DE"},
        FindCase{"nested", kPrefixes, "192.0.2.128", "64501|Example Cloud|US"},
        FindCase{"single_without_name", kPrefixes, "192.0.2.130", "64502||"},
        FindCase{"behind_the_single", kPrefixes, "192.0.2.131", "64501|Example Cloud|US"},
        FindCase{"not_routed_inside", kPrefixes, "192.0.2.255", "-"},
        FindCase{"before_all", kPrefixes, "192.0.1.255", "-"},
        FindCase{"behind_all", kPrefixes, "192.0.3.0", "-"},
        FindCase{"v6", kPrefixes, "2001:db8:ffff::1", "64500|Example Net|DE"},
        FindCase{"v6_nested_name_made_tidy", kPrefixes, "2001:db8:1::1",
                 "4294967295|T\xC3\xBCrk? Telekom|TR"},
        FindCase{"v6_outside", kPrefixes, "2001:db9::", "-"},
        FindCase{"range", kRanges, "1.0.0.255", "13335|CLOUDFLARENET|US"},
        FindCase{"range_not_routed", kRanges, "1.0.2.0", "-"},
        FindCase{"range_that_is_no_prefix_name_with_blanks", kRanges, "1.0.7.255",
                 "38803|WPL-AS-AP Wirefreebroadband Pty Ltd|AU"},
        FindCase{"range_v6", kRanges, "2001:200:500::", "2500|WIDE-BB WIDE Project|JP"},
        FindCase{"range_v6_behind", kRanges, "2001:200:600::", "-"},
        FindCase{"partial_overlap_gives_the_narrower",
                 "10.0.0.0\t10.0.0.10\t1\t\ta\n10.0.0.5\t10.0.0.20\t2\t\tb\n", "10.0.0.10", "1|a|"},
        FindCase{"partial_overlap_behind",
                 "10.0.0.0\t10.0.0.10\t1\t\ta\n10.0.0.5\t10.0.0.20\t2\t\tb\n", "10.0.0.11", "2|b|"},
        FindCase{"equal_gives_the_later_line", "10.0.0.0/8\t1\ta\t\n10.0.0.0/8\t2\tb\t\n",
                 "10.1.1.1", "2|b|"},
        FindCase{"everything_v6_is_not_v4", "::/0\t1\ta\t\n", "192.0.2.1", "-"},
        FindCase{"everything_v6", "::/0\t1\ta\t\n", "ffff::", "1|a|"},
        FindCase{"everything_v4", "0.0.0.0/0\t1\ta\t\n", "255.255.255.255", "1|a|"},
        FindCase{"no_line_end_at_the_end", "10.0.0.0/8\t1\ta\tDE", "10.0.0.0", "1|a|DE"}),
    [](const auto& param) { return param.param.name; });

struct FaultCase {
    std::string name;
    std::string line;
    std::string why;  // a part of it
};

class TsvFault : public testing::TestWithParam<FaultCase> {
  protected:
    TestFolder folder_;
};

TEST_P(TsvFault, IsToldWithItsLineAndLeavesTheRest) {
    const std::string path =
        folder_.write("nets.tsv", "# first\n" + GetParam().line + "\n10.0.0.0/8\t64500\ta\tDE\n");
    const auto table = load(path);
    ASSERT_TRUE(table) << table.error().message;
    ASSERT_EQ((*table)->faults().size(), 1U);
    EXPECT_THAT((*table)->faults()[0], StartsWith(path + ":2: "));
    EXPECT_THAT((*table)->faults()[0], HasSubstr(GetParam().why));
    EXPECT_EQ(shown(**table, "10.0.0.1"), "64500|a|DE");
}

INSTANTIATE_TEST_SUITE_P(
    Tsv, TsvFault,
    testing::Values(
        FaultCase{"words", "hello world", "1 fields between tabs: expected PREFIX<TAB>ASN"},
        FaultCase{"no_name", "192.0.2.0/24\t64500", "2 fields between tabs: expected PREFIX<TAB>"},
        FaultCase{"caida_pfx2as", "192.0.2.0\t24\t64500", "3 fields between tabs"},
        FaultCase{"too_many", "192.0.2.0/24\t64500\ta\tDE\tx", "5 fields between tabs"},
        FaultCase{"range_without_name", "192.0.2.0\t192.0.2.9\t64500\tDE",
                  "expected START<TAB>END<TAB>ASN<TAB>COUNTRY<TAB>NAME"},
        FaultCase{"host_bits", "192.0.2.1/24\t64500\ta\tDE", "host bits are set"},
        FaultCase{"no_address", "192.0.2\t64500\ta\tDE", "\"192.0.2\" is no address"},
        FaultCase{"empty_prefix", "\t64500\ta\tDE", "\"\" is no address"},
        FaultCase{"asn", "192.0.2.0/24\tGoogle\ta\tDE", "asn \"Google\": expected a number"},
        FaultCase{"columns_swapped", "192.0.2.0/24\t64500\tDE\tExample Net",
                  "country \"Example Net\": expected two letters"},
        FaultCase{"range_backwards", "192.0.2.9\t192.0.2.0\t64500\tDE\ta",
                  "expected the first and the last address of one family, in this order"},
        FaultCase{"range_of_two_families", "192.0.2.9\t2001:db8::\t64500\tDE\ta", "of one family"},
        FaultCase{"range_end", "192.0.2.9\t192.0.2.x\t64500\tDE\ta", "\"192.0.2.x\" is no address"},
        FaultCase{"nul", std::string("192.0.2.0/24\t64500\ta\0\tDE", 24), "NUL byte"},
        FaultCase{"too_long", "192.0.2.0/24\t64500\t" + std::string(70'000, 'a') + "\tDE",
                  "line longer than 64 KiB"},
        FaultCase{"control_characters", "192.0.2.\x1b[2J0/24\t64500\ta\tDE", "192.0.2.?[2J0"}),
    [](const auto& param) { return param.param.name; });

TEST(TsvForms, AreNotMixedInOneFile) {
    const TestFolder folder;
    const auto table = load(
        folder.write("nets.tsv", "10.0.0.0/8\t64500\ta\tDE\n192.0.2.0\t192.0.2.9\t64501\tDE\tb\n"));
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_THAT((*table)->faults(),
                ElementsAre(HasSubstr(":2: expected PREFIX<TAB>ASN<TAB>NAME<TAB>COUNTRY as in")));
    EXPECT_EQ(shown(**table, "192.0.2.1"), "-");
}

TEST(TsvErrors, FailTheFileWhenTooMany) {
    const TestFolder folder;
    std::string text = "10.0.0.0/8\t64500\ta\tDE\n";
    for (int i = 0; i < 100; ++i) {
        text += "bad\n";
    }
    EXPECT_TRUE(load(folder.write("nets.tsv", text)));
    const std::string path = folder.write("nets.tsv", text + "bad\n");
    const auto table = load(path);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, Errc::Malformed);
    EXPECT_THAT(table.error().message, StartsWith(path + ": more than 100 bad lines, the first: "));
    EXPECT_THAT(table.error().message, HasSubstr(":2: "));
    EXPECT_TRUE(load(path, {.max_errors = 101}));
    EXPECT_FALSE(load(path, {.max_errors = 0}));
}

struct EmptyCase {
    std::string name;
    std::string text;
};

class TsvWithoutNetworks : public testing::TestWithParam<EmptyCase> {};

TEST_P(TsvWithoutNetworks, IsRefused) {
    const TestFolder folder;
    const std::string path = folder.write("nets.tsv", GetParam().text);
    const auto table = open_networks(path);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, Errc::Malformed);
    EXPECT_THAT(table.error().message, StartsWith(path + ": no network in it: expected lines"));
}

INSTANTIATE_TEST_SUITE_P(Tsv, TsvWithoutNetworks,
                         testing::Values(EmptyCase{"empty", ""}, EmptyCase{"comments", "# a\n\n"},
                                         EmptyCase{"html", "<html>\n<p>Not found\n"},
                                         EmptyCase{"not_routed_alone", "10.0.0.0/8\t0\t\t\n"}),
                         [](const auto& param) { return param.param.name; });

TEST(TsvFile, ThatIsMissingOrDamagedIsNamed) {
    const TestFolder folder;
    const std::string missing = (folder / "none.tsv").string();
    const auto none = open_networks(missing);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::NotFound);
    EXPECT_THAT(none.error().message, HasSubstr(missing));

    std::string packed = gzipped(std::string(kRanges));
    packed.resize(packed.size() - 10);
    const std::string path = folder.write("cut.tsv.gz", packed);
    const auto cut = open_networks(path);
    ASSERT_FALSE(cut);
    EXPECT_THAT(cut.error().message, HasSubstr(path));
    EXPECT_THAT(cut.error().message, HasSubstr("truncated"));

    const auto is_folder = open_networks(folder.path());
    ASSERT_FALSE(is_folder);
    EXPECT_THAT(is_folder.error().message, HasSubstr("expected a regular file"));
}

TEST(TsvFile, IsStaleWhenReplacedOrWrittenTo) {
    const TestFolder folder;
    const std::string path = folder.write("nets.tsv", std::string(kPrefixes));
    const auto table = open_networks(path);
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_THAT((*table)->source(), StartsWith(path + " of 20"));
    EXPECT_THAT((*table)->source(), HasSubstr(", 6 ranges"));
    EXPECT_FALSE((*table)->is_stale());

    const std::string other = folder.write("new.tsv", std::string(kPrefixes));
    std::filesystem::last_write_time(other, std::filesystem::last_write_time(path));
    std::filesystem::rename(other, path);
    EXPECT_TRUE((*table)->is_stale());

    const auto again = open_networks(path);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE((*again)->is_stale());
    folder.write("nets.tsv", std::string(kPrefixes) + "# more\n");
    EXPECT_TRUE((*again)->is_stale());

    std::filesystem::remove(path);
    EXPECT_FALSE((*again)->is_stale());
    EXPECT_EQ(shown(**again, "192.0.2.1"), "64500|Example Net|DE");
}

// Nested prefixes of both families, as a routing table has them, against a search of all lines.
class TsvTwin : public testing::TestWithParam<bool> {};

TEST_P(TsvTwin, FindsAlike) {
    const bool v6 = GetParam();
    std::mt19937_64 random(v6 ? 6 : 4);
    const auto draw = [&](unsigned shortest) {
        const std::uint64_t low = random() % 4096;
        const Address address =
            v6 ? Address{0x2001'0db8'0000'0000U | low >> 6U, low << 58U}
               : Address::from_v4(0x0A000000U | static_cast<std::uint32_t>(low << 4U));
        const unsigned longest = v6 ? 72 : 128;
        return Prefix::of(address, longest - static_cast<unsigned>(random() % shortest));
    };
    std::string text;
    std::vector<std::pair<Prefix, std::uint32_t>> lines;
    for (int i = 0; i < 3000; ++i) {
        const Prefix prefix = draw(17);
        const auto asn = static_cast<std::uint32_t>(random() % 40);
        lines.emplace_back(prefix, asn);
        text += fmt::format("{}\t{}\tnet {}\tDE\n", to_string(prefix), asn, asn % 7);
    }
    const TestFolder folder;
    const auto table = open_networks(folder.write("nets.tsv", text));
    ASSERT_TRUE(table) << table.error().message;
    int found = 0;
    for (int i = 0; i < 4000; ++i) {
        const Address address = draw(1).base;
        std::optional<std::uint32_t> asn;
        unsigned length = 0;
        for (const auto& [prefix, line_asn] : lines) {
            if (prefix.contains(address) && prefix.length >= length) {
                asn = line_asn;
                length = prefix.length;
            }
        }
        const auto network = (*table)->find(address);
        ASSERT_EQ(network ? network->asn : 0, asn.value_or(0)) << to_string(address);
        if (network) {
            ++found;
            ASSERT_EQ(network->name, fmt::format("net {}", network->asn % 7));
        }
    }
    EXPECT_GT(found, 1000);
}

INSTANTIATE_TEST_SUITE_P(Seeded, TsvTwin, testing::Bool(),
                         [](const auto& param) { return param.param ? "v6" : "v4"; });

}  // namespace
}  // namespace fairlist::importer
