#include "listing/model/figure_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr ListId kSpam{1};
constexpr ListId kPolicy{2};
constexpr DayRange kWeek{107, 113};  // before it: 100 to 106

FigureEntry opened(std::uint32_t day, ListId list, std::uint32_t asn, std::uint64_t count,
                   std::string reason = "") {
    Figure figure;
    figure.opened = count;
    return {{day, list, asn, std::move(reason)}, figure};
}

FigureEntry listed(std::uint32_t day, std::uint32_t asn, std::uint64_t count) {
    Figure figure;
    figure.listed_at_end = count;
    return {{day, kSpam, asn, ""}, figure};
}

FigureName network(std::uint32_t asn) {
    return asn;
}

// 100 listings in the week, 80 in the week before.
const std::vector<FigureEntry> kWeeks = {
    opened(99, kSpam, 64500, 1000),  // before both
    opened(100, kSpam, 64500, 10),         opened(106, kSpam, 64500, 40),
    opened(103, kSpam, 64502, 10),         opened(104, kPolicy, 64503, 20),
    opened(107, kSpam, 64500, 20),         opened(113, kSpam, 64500, 5),
    opened(110, kSpam, 64501, 30),         opened(110, kPolicy, 64501, 10),
    opened(111, kSpam, 64502, 20),         opened(112, kSpam, 0, 15),
    opened(114, kSpam, 64500, 1000),  // behind both
    opened(107, kSpam, 64500, 12, "hits"), opened(113, kSpam, 64500, 4, "hits"),
    opened(107, kSpam, 64500, 9, "helo"),  opened(100, kSpam, 64500, 8, "hits"),
};

TEST(FigureTable, OfNetworksByHand) {
    FigureQuery query;
    query.range = kWeek;
    query.rows_max = 3;
    const FigureTable table = make_figure_table(kWeeks, query);
    EXPECT_EQ(table.all, (FigureShare{100, 100.0, 80, 20, 1.25}));
    EXPECT_THAT(table.rows, ElementsAre(FigureRow{network(64501), {40, 40.0, 0, 40, std::nullopt}},
                                        FigureRow{network(64500), {25, 25.0, 50, -25, 0.5}},
                                        FigureRow{network(64502), {20, 20.0, 10, 10, 2.0}}));
    // The unknown network (15, 0 before) and 64503 (0, 20 before).
    EXPECT_EQ(table.other_groups, 2U);
    EXPECT_EQ(table.others, (FigureShare{15, 15.0, 20, -5, 0.75}));
    EXPECT_DOUBLE_EQ(table.concentration_percent, 65.0);
}

TEST(FigureTable, OfListsByHand) {
    FigureQuery query;
    query.by = FigureGroup::Lists;
    query.range = kWeek;
    query.concentration = 1;
    const FigureTable table = make_figure_table(kWeeks, query);
    EXPECT_THAT(table.rows, ElementsAre(FigureRow{kSpam, {90, 90.0, 60, 30, 1.5}},
                                        FigureRow{kPolicy, {10, 10.0, 20, -10, 0.5}}));
    EXPECT_EQ(table.other_groups, 0U);
    EXPECT_EQ(table.others, FigureShare{});
    EXPECT_DOUBLE_EQ(table.concentration_percent, 90.0);
}

TEST(FigureTable, OfReasonsByHand) {
    FigureQuery query;
    query.by = FigureGroup::Reasons;
    query.range = kWeek;
    const FigureTable table = make_figure_table(kWeeks, query);
    EXPECT_EQ(table.all, (FigureShare{25, 100.0, 8, 17, 3.125}));
    EXPECT_THAT(table.rows,
                ElementsAre(FigureRow{std::string("hits"), {16, 64.0, 8, 8, 2.0}},
                            FigureRow{std::string("helo"), {9, 36.0, 0, 9, std::nullopt}}));
}

TEST(FigureTable, OfOneList) {
    FigureQuery query;
    query.range = kWeek;
    query.list = kPolicy;
    const FigureTable table = make_figure_table(kWeeks, query);
    EXPECT_THAT(table.rows, ElementsAre(FigureRow{network(64501), {10, 100.0, 0, 10, std::nullopt}},
                                        FigureRow{network(64503), {0, 0.0, 20, -20, 0.0}}));
}

// The network that is not known is the largest, and none of the two.
TEST(FigureTable, TellsTheConcentrationOfKnownNetworks) {
    FigureQuery query;
    query.range = kWeek;
    const std::vector<FigureEntry> entries = {
        opened(107, kSpam, 0, 50), opened(107, kSpam, 64500, 30), opened(107, kSpam, 64501, 15),
        opened(107, kSpam, 64502, 5)};
    EXPECT_DOUBLE_EQ(make_figure_table(entries, query).concentration_percent, 45.0);
    query.rows_max = 0;
    EXPECT_DOUBLE_EQ(make_figure_table(entries, query).concentration_percent, 45.0);
    query.concentration = 10;
    EXPECT_DOUBLE_EQ(make_figure_table(entries, query).concentration_percent, 50.0);
    query.concentration = 0;
    EXPECT_DOUBLE_EQ(make_figure_table(entries, query).concentration_percent, 0.0);
}

TEST(FigureTable, BreaksTiesByBeforeAndName) {
    FigureQuery query;
    query.range = kWeek;
    const std::vector<FigureEntry> entries = {opened(107, kSpam, 3, 7), opened(107, kSpam, 2, 7),
                                              opened(107, kSpam, 1, 7), opened(106, kSpam, 3, 1)};
    const FigureTable table = make_figure_table(entries, query);
    ASSERT_EQ(table.rows.size(), 3U);
    EXPECT_EQ(table.rows[0].name, network(3));
    EXPECT_EQ(table.rows[1].name, network(1));
    EXPECT_EQ(table.rows[2].name, network(2));
}

TEST(FigureTable, OfNothingIsEmpty) {
    FigureQuery query;
    query.range = kWeek;
    const std::vector<FigureEntry> none = {opened(110, kSpam, 64500, 0)};
    for (const auto& entries : {std::vector<FigureEntry>{}, none}) {
        const FigureTable table = make_figure_table(entries, query);
        EXPECT_THAT(table.rows, IsEmpty());
        EXPECT_EQ(table.all, FigureShare{});
        EXPECT_DOUBLE_EQ(table.concentration_percent, 0.0);
    }
}

// A stock is no sum: 64500 had 5 from day 90, 8 at the end of the range before and 6 at the end;
// 64501 came within the range, 64502 was empty by then, 64503 was not touched since day 101.
TEST(FigureTable, OfAStockTakesTheLastDay) {
    FigureQuery query;
    query.range = kWeek;
    query.field = FigureField::ListedAtEnd;
    const std::vector<FigureEntry> entries = {
        listed(112, 64500, 6), listed(90, 64500, 5),   listed(106, 64500, 8),
        listed(108, 64500, 9), listed(114, 64500, 99), listed(109, 64501, 4),
        listed(105, 64502, 7), listed(113, 64502, 0),  listed(101, 64503, 10)};
    const FigureTable table = make_figure_table(entries, query);
    EXPECT_EQ(table.all, (FigureShare{20, 100.0, 25, -5, 0.8}));
    EXPECT_THAT(table.rows, ElementsAre(FigureRow{network(64503), {10, 50.0, 10, 0, 1.0}},
                                        FigureRow{network(64500), {6, 30.0, 8, -2, 0.75}},
                                        FigureRow{network(64501), {4, 20.0, 0, 4, std::nullopt}},
                                        FigureRow{network(64502), {0, 0.0, 7, -7, 0.0}}));
    EXPECT_DOUBLE_EQ(table.concentration_percent, 80.0);
}

TEST(FigureTable, KeepsHugeCountsWithinBounds) {
    FigureQuery query;
    query.range = kWeek;
    const std::vector<FigureEntry> entries = {opened(107, kSpam, 1, UINT64_MAX),
                                              opened(108, kSpam, 1, UINT64_MAX),
                                              opened(106, kSpam, 2, UINT64_MAX)};
    const FigureTable table = make_figure_table(entries, query);
    EXPECT_EQ(table.all.count, UINT64_MAX);
    ASSERT_EQ(table.rows.size(), 2U);
    EXPECT_EQ(table.rows[0].share.difference, INT64_MAX);
    EXPECT_EQ(table.rows[1].share.difference, -INT64_MAX);
}

// The same by asking, for every group, every entry.
class Twin {
  public:
    Twin(const std::vector<FigureEntry>& entries, const FigureQuery& query)
        : entries_(entries), query_(query) {}

    [[nodiscard]] std::uint64_t count(const FigureName& name, std::int64_t first,
                                      std::int64_t last) const {
        std::uint64_t sum = 0;
        for (const auto& [key, figure] : entries_) {
            const bool is_stock = query_.field == FigureField::ListedAtEnd;
            const bool is_in = key.day <= last && (is_stock || key.day >= first);
            if (belongs(key, name) && is_in && !(is_stock && has_later(key, last))) {
                sum += value_of(figure, query_.field);
            }
        }
        return sum;
    }
    [[nodiscard]] std::set<FigureName> names() const {
        std::set<FigureName> names;
        for (const auto& [key, figure] : entries_) {
            if (key.reason.empty() != (query_.by == FigureGroup::Reasons)) {
                names.insert(name_of(key));
            }
        }
        return names;
    }

  private:
    [[nodiscard]] FigureName name_of(const FigureKey& key) const {
        return query_.by == FigureGroup::Networks ? FigureName(key.asn)
               : query_.by == FigureGroup::Lists  ? FigureName(key.list)
                                                  : FigureName(key.reason);
    }
    [[nodiscard]] bool belongs(const FigureKey& key, const FigureName& name) const {
        return key.reason.empty() != (query_.by == FigureGroup::Reasons) && name_of(key) == name &&
               (!query_.list || *query_.list == key.list);
    }
    [[nodiscard]] bool has_later(const FigureKey& key, std::int64_t last) const {
        return std::ranges::any_of(entries_, [&](const FigureEntry& other) {
            return other.first.list == key.list && other.first.asn == key.asn &&
                   other.first.reason == key.reason && other.first.day > key.day &&
                   other.first.day <= last;
        });
    }

    const std::vector<FigureEntry>& entries_;
    const FigureQuery& query_;
};

std::vector<FigureEntry> random_entries(std::mt19937& random) {
    std::set<FigureKey> keys;
    std::vector<FigureEntry> entries;
    const auto number = [&](std::uint32_t below) {
        return static_cast<std::uint32_t>(random() % below);
    };
    for (std::uint32_t i = number(120); i > 0; --i) {
        static const std::vector<std::string> kReasons = {"", "", "a", "b"};
        const FigureKey key{number(20), ListId{static_cast<std::uint16_t>(1 + number(2))},
                            number(6), kReasons[number(4)]};
        if (keys.insert(key).second) {
            entries.emplace_back(
                key, Figure{number(9), number(9), number(9), number(9), number(9), number(9)});
        }
    }
    std::ranges::shuffle(entries, random);
    return entries;
}

FigureQuery random_query(std::mt19937& random) {
    FigureQuery query;
    query.by = static_cast<FigureGroup>(random() % 3);
    query.field = static_cast<FigureField>(random() % 6);
    query.range.first = static_cast<std::uint32_t>(random() % 20);
    query.range.last = query.range.first + static_cast<std::uint32_t>(random() % 10);
    if (random() % 3 == 0) {
        query.list = kSpam;
    }
    query.rows_max = random() % 5;
    query.concentration = random() % 4;
    return query;
}

// What the twin says of all groups.
struct Sums {
    std::uint64_t all = 0;
    std::uint64_t all_before = 0;
    std::size_t groups = 0;
    std::vector<std::uint64_t> known;  // counts of groups that are not the unknown network
};

class FigureTableTwin : public testing::Test {
  protected:
    void compare() {
        const std::vector<FigureEntry> entries = random_entries(random_);
        query_ = random_query(random_);
        table_ = make_figure_table(entries, query_);
        const Twin twin(entries, query_);
        sums_ = {};
        for (const FigureName& name : twin.names()) {
            compare_group(twin, name);
        }
        compare_sums();
        compare_concentration();
    }

    void compare_group(const Twin& twin, const FigureName& name) {
        const std::int64_t first = query_.range.first;
        const std::int64_t length = query_.range.last - first + 1;
        const std::uint64_t now = twin.count(name, first, query_.range.last);
        const std::uint64_t before = twin.count(name, first - length, first - 1);
        sums_.all += now;
        sums_.all_before += before;
        sums_.groups += now + before != 0 ? 1 : 0;
        if (name != FigureName(std::uint32_t{0})) {
            sums_.known.push_back(now);
        }
        const auto row = std::ranges::find(table_.rows, name, &FigureRow::name);
        if (row != table_.rows.end()) {
            EXPECT_EQ(row->share.count, now);
            EXPECT_EQ(row->share.before, before);
            EXPECT_NEAR(row->share.percent * static_cast<double>(table_.all.count),
                        100.0 * static_cast<double>(now), 1e-6);
        } else if (!table_.rows.empty() && now + before != 0) {
            EXPECT_LE(now, table_.rows.back().share.count);
        }
    }

    void compare_sums() const {
        EXPECT_EQ(table_.all.count, sums_.all);
        EXPECT_EQ(table_.all.before, sums_.all_before);
        EXPECT_EQ(table_.rows.size(), std::min(sums_.groups, query_.rows_max));
        EXPECT_EQ(table_.rows.size() + table_.other_groups, sums_.groups);
        std::uint64_t sum = table_.others.count;
        for (const FigureRow& row : table_.rows) {
            sum += row.share.count;
        }
        EXPECT_EQ(sum, sums_.all);
    }

    void compare_concentration() {
        std::ranges::sort(sums_.known, std::greater{});
        sums_.known.resize(std::min(sums_.known.size(), query_.concentration));
        std::uint64_t top = 0;
        for (const std::uint64_t count : sums_.known) {
            top += count;
        }
        EXPECT_NEAR(table_.concentration_percent * static_cast<double>(sums_.all),
                    100.0 * static_cast<double>(top), 1e-6);
    }

    std::mt19937 random_{11};  // NOLINT(cert-msc51-cpp): the same figures every time
    FigureQuery query_;
    FigureTable table_;
    Sums sums_;
};

TEST_F(FigureTableTwin, TellsTheSame) {
    for (int round = 0; round < 3000 && !HasFailure(); ++round) {
        SCOPED_TRACE(round);
        compare();
    }
}

}  // namespace
}  // namespace fairlist
