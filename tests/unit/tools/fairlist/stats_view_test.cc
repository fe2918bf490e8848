#include "tests/unit/tools/fairlist/ledger_scene.h"
#include "tools/fairlist/stats_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

using importer::Network;
using testing::ElementsAre;
using testing::HasSubstr;

// 2026-11-21
constexpr std::uint32_t kToday = 20778;

FigureEntry opened(std::uint32_t day, std::uint32_t asn, std::uint64_t count,
                   const std::string& reason = "", unsigned list = 1) {
    Figure figure;
    figure.opened = count;
    return {{day, static_cast<ListId>(list), asn, reason}, figure};
}

store::Names names() {
    store::Names known;
    known.lists = {{static_cast<ListId>(1), "css"}, {static_cast<ListId>(2), "dbl"}};
    return known;
}

StatsView view(const std::vector<FigureEntry>& figures, StatsQuery query = {}) {
    query.range = {kToday - 1, kToday};
    return view_stats(figures, names(), query);
}

const std::map<std::uint32_t, Network> kNetworks = {{64500, {64500, "Example", "DE"}}};

TEST(StatsView, IsATableWithNamesTrendAndSentence) {
    StatsView shown =
        view({opened(kToday, 64500, 5), opened(kToday - 1, 64500, 3), opened(kToday, 64501, 4),
              opened(kToday, 0, 3), opened(kToday, 64502, 1), opened(kToday - 2, 64500, 4),
              opened(kToday - 3, 64501, 8), opened(kToday - 4, 64501, 100)},
             {.rows_max = 3});
    EXPECT_THAT(networks_in(shown), ElementsAre(64500, 64501));
    name_networks(shown, kNetworks);
    EXPECT_EQ(stats_text(shown),
              "new listings by network, 2026-11-20 to 2026-11-21 (2 days in UTC); before: "
              "2026-11-18 to 2026-11-19\n"
              "NETWORK  NAME     CC  COUNT  SHARE  BEFORE  TREND\n"
              "AS64500  Example  DE      8   50 %       4  +4 (+100 %)\n"
              "AS64501  -        -       4   25 %       8  -4 (-50 %)\n"
              "unknown  -        -       3   19 %       0  new\n"
              "1 other  -        -       1    6 %       0  new\n"
              "all      -        -      16  100 %      12  +4 (+33 %)\n"
              "half of all new listings sit in one network: AS64500 Example (50 %)\n");
}

TEST(StatsView, AsJson) {
    StatsView shown = view({opened(kToday, 64500, 1)});
    name_networks(shown, kNetworks);
    shown.networks = "nets.tsv";
    EXPECT_EQ(
        stats_json(shown),
        "{\"by\":\"networks\",\"field\":\"opened\",\"list\":null,\"days\":{\"first\":"
        "\"2026-11-20\",\"last\":\"2026-11-21\"},\"days_before\":{\"first\":\"2026-11-18\","
        "\"last\":\"2026-11-19\"},\"rows\":[{\"asn\":64500,\"name\":\"Example\",\"country\":"
        "\"DE\",\"count\":1,\"percent\":1E2,\"before\":0,\"difference\":1,\"ratio\":null}],"
        "\"others\":{\"count\":0,\"percent\":0E0,\"before\":0,\"difference\":0,\"ratio\":null,"
        "\"groups\":0},\"all\":{\"count\":1,\"percent\":1E2,\"before\":0,\"difference\":1,"
        "\"ratio\":null},\"concentration\":{\"groups\":1,\"percent\":1E2,\"text\":\"all new "
        "listings sit in one network: AS64500 Example (100 %)\"},\"networks\":\"nets.tsv\"}\n");
}

TEST(StatsView, NothingHasNoSentence) {
    const StatsView shown = view({});
    EXPECT_EQ(concentration_text(shown), "");
    EXPECT_THAT(stats_text(shown), HasSubstr("\nall      -     -       0    0 %       0  -\n"));
}

struct SentenceCase {
    std::string name;
    FigureGroup by;
    std::vector<FigureEntry> figures;
    std::string text;
};

class StatsSentence : public testing::TestWithParam<SentenceCase> {};

TEST_P(StatsSentence, NamesTheFewestThatHaveHalf) {
    EXPECT_EQ(concentration_text(view(GetParam().figures, {.by = GetParam().by})), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    StatsSentence, StatsSentence,
    testing::Values(
        SentenceCase{"two",
                     FigureGroup::Networks,
                     {opened(kToday, 1, 32), opened(kToday, 2, 19), opened(kToday, 3, 18),
                      opened(kToday, 4, 16), opened(kToday, 5, 15)},
                     "more than half of all new listings sit in two networks: AS1 (32 %), AS2 "
                     "(19 %)"},
        SentenceCase{"the_unknown_network_is_none",
                     FigureGroup::Networks,
                     {opened(kToday, 0, 60), opened(kToday, 1, 30), opened(kToday, 2, 10)},
                     "40 % of all new listings sit in the two networks with most: AS1 (30 %), AS2 "
                     "(10 %)"},
        SentenceCase{
            "many_small_ones",
            FigureGroup::Networks,
            {opened(kToday, 1, 1), opened(kToday, 2, 1), opened(kToday, 3, 1), opened(kToday, 4, 1),
             opened(kToday, 5, 1), opened(kToday, 6, 1), opened(kToday, 7, 1), opened(kToday, 8, 1),
             opened(kToday, 9, 1), opened(kToday, 10, 1), opened(kToday, 11, 1)},
            "45 % of all new listings sit in the five networks with most: AS1 (9 %), AS2 "
            "(9 %), AS3 (9 %), AS4 (9 %), AS5 (9 %)"},
        SentenceCase{"lists",
                     FigureGroup::Lists,
                     {opened(kToday, 1, 3, "", 1), opened(kToday, 1, 1, "", 2)},
                     "more than half of all new listings are in one list: css (75 %)"},
        SentenceCase{"reasons",
                     FigureGroup::Reasons,
                     {opened(kToday, 1, 4, ""), opened(kToday, 1, 1, "css"),
                      opened(kToday, 1, 3, "operator")},
                     "more than half of all new listings go back to one reason: operator (75 %)"},
        SentenceCase{"nearly_all",
                     FigureGroup::Lists,
                     {opened(kToday, 1, 999, "", 1), opened(kToday, 1, 1, "", 2)},
                     "more than half of all new listings are in one list: css (>99 %)"}),
    [](const auto& one) { return one.param.name; });

TEST(StatsView, CountsOneListAlone) {
    const StatsView shown =
        view({opened(kToday, 1, 3, "", 1), opened(kToday, 1, 5, "", 2)}, {.list = "dbl"});
    EXPECT_EQ(shown.all.count, 5U);
    EXPECT_THAT(stats_text(shown), HasSubstr("new listings by network in list dbl, "));
}

struct RangeCase {
    std::string name;
    std::string since;
    std::string until;
    std::string expected;  // days from today back, or the error
};

class StatsRange : public testing::TestWithParam<RangeCase> {};

TEST_P(StatsRange, AreUtcDays) {
    const auto range =
        stats_range(GetParam().since, GetParam().until, parse_time("2026-11-21T23:59:59Z").value());
    const std::string got = range ? std::to_string(kToday - range->first) + " to " +
                                        std::to_string(kToday - range->last)
                                  : range.error().message;
    EXPECT_EQ(got, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    StatsRange, StatsRange,
    testing::Values(
        RangeCase{"today", "1d", "", "0 to 0"}, RangeCase{"a_month", "30d", "", "29 to 0"},
        RangeCase{"weeks", "2w", "", "13 to 0"},
        RangeCase{"up_to_a_day", "7d", "2026-11-20", "7 to 1"},
        RangeCase{"from_a_day", "2026-11-01", "", "20 to 0"},
        RangeCase{"one_day", "2026-11-01", "2026-11-01", "20 to 20"},
        RangeCase{"turned_round", "2026-11-22", "",
                  "--since: \"2026-11-22\": lies behind the last day, today"},
        RangeCase{"turned_round_dates", "2026-11-12", "2026-11-11",
                  "--since: \"2026-11-12\": lies behind the last day, 2026-11-11"},
        RangeCase{
            "hours", "36h", "",
            "--since: \"36h\": expected whole days such as 30d, or a date such as 2026-11-01"},
        RangeCase{"nothing", "0d", "",
                  "--since: \"0d\": expected whole days such as 30d, or a date such as 2026-11-01"},
        RangeCase{"before_1970", "24000d", "",
                  "--since: \"24000d\": expected whole days such as 30d, or a date such as "
                  "2026-11-01"}),
    [](const auto& one) { return one.param.name; });

TEST(StatsRangeOfWords, NamesTheOption) {
    const auto range = stats_range("30d", "yesterday", Time{1});
    ASSERT_FALSE(range.has_value());
    EXPECT_THAT(range.error().message, testing::StartsWith("--until: "));
}

TEST(StatsField, WordsAndBack) {
    for (const std::string word : {"opened", "hits", "extended", "expired", "removed", "listed"}) {
        const auto field = stats_field(word);
        ASSERT_TRUE(field.has_value()) << word;
        EXPECT_EQ(field_word(*field), word);
    }
    EXPECT_EQ(stats_field("closed"), std::nullopt);
}

// Puts 11.0.0.0/8 into one network, and 12.0.0.0/8 into another.
class TwoNetworks final : public importer::NetworkTable {
  public:
    std::optional<Network> find(const Address& address) const override {
        if (parse_prefix("11.0.0.0/8").value().contains(address)) {
            return Network{64500, "Example", "DE"};
        }
        return Network{64501, "Other", "FR"};
    }
    std::vector<Prefix> prefixes_of(std::span<const std::uint32_t> asns) const override {
        return asns.empty() ? std::vector<Prefix>{}
                            : std::vector{parse_prefix("11.0.0.0/8").value()};
    }
    std::string source() const override { return "two"; }
    bool is_stale() const override { return false; }
};

class StatsNetworks : public LedgerScene {
  protected:
    // Listed when the table was another: the ledger was told `asn`.
    void list(std::string_view address, std::uint32_t asn) {
        LedgerOptions options;
        options.lists = config_.lists;
        options.asn_of = [asn](const Address&) {
            return asn;
        };
        Ledger ledger(store_.environment(), options);
        ASSERT_TRUE(ledger.open({.name = "operator:anna"},
                                {"css", subject(ListKind::Address, address), {}, {}, 0, ""}));
    }
};

TEST_F(StatsNetworks, AreFoundByTheAddressesOfListings) {
    list("11.1.1.1", 64501);  // has moved since
    list("11.1.1.2", 64500);
    open("dbl", subject(ListKind::Domain, "a.example"));
    const auto found = find_networks(*ledger_, TwoNetworks(), {64500, 64501, 64502});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.at(64500).name, "Example");
    list("12.1.1.1", 64501);
    EXPECT_EQ(find_networks(*ledger_, TwoNetworks(), {64501}).at(64501).country, "FR");
    EXPECT_TRUE(find_networks(*ledger_, TwoNetworks(), {}).empty());
}

}  // namespace
}  // namespace fairlist::cli
