#include "listing/model/figures.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace fairlist {
namespace {

TEST(FigureDay, IsThatOfUtc) {
    EXPECT_EQ(day_of(Time{0}), 0U);
    EXPECT_EQ(day_of(Time{86'399}), 0U);
    EXPECT_EQ(day_of(Time{86'400}), 1U);
    // 2026-11-21 is 20778 days after 1970-01-01.
    EXPECT_EQ(day_of(parse_time("2026-11-21T23:59:59Z").value()), 20'778U);
    EXPECT_EQ(day_of(parse_time("2026-11-22").value()), 20'779U);
}

TEST(FigureValue, IsThatOfTheField) {
    const Figure figure{1, 2, 3, 4, 5, 6};
    EXPECT_EQ(value_of(figure, FigureField::Hits), 1U);
    EXPECT_EQ(value_of(figure, FigureField::Opened), 2U);
    EXPECT_EQ(value_of(figure, FigureField::Extended), 3U);
    EXPECT_EQ(value_of(figure, FigureField::Expired), 4U);
    EXPECT_EQ(value_of(figure, FigureField::Removed), 5U);
    EXPECT_EQ(value_of(figure, FigureField::ListedAtEnd), 6U);
}

struct RangeCase {
    std::string name;
    DayRange range;
    std::optional<DayRange> before;
};

class DayRangeBefore : public testing::TestWithParam<RangeCase> {};

TEST_P(DayRangeBefore, IsAsLong) {
    EXPECT_EQ(GetParam().range.before(), GetParam().before);
}

INSTANTIATE_TEST_SUITE_P(Figures, DayRangeBefore,
                         testing::Values(RangeCase{"week", {107, 113}, DayRange{100, 106}},
                                         RangeCase{"day", {100, 100}, DayRange{99, 99}},
                                         RangeCase{"cut_at_1970", {3, 100}, DayRange{0, 2}},
                                         RangeCase{"first_day", {0, 5}, {}},
                                         RangeCase{"all_days", {1, UINT32_MAX}, DayRange{0, 0}}),
                         [](const auto& param) { return param.param.name; });

TEST(FigureSum, StaysAtTheEnd) {
    EXPECT_EQ(add_capped(1, 2), 3U);
    EXPECT_EQ(add_capped(UINT64_MAX - 1, 1), UINT64_MAX);
    EXPECT_EQ(add_capped(UINT64_MAX, 1), UINT64_MAX);
    EXPECT_EQ(add_capped(2, UINT64_MAX), UINT64_MAX);
}

}  // namespace
}  // namespace fairlist
