#include "tools/fairlist/number_ranges.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

struct RangesCase {
    std::string name;
    std::vector<std::uint32_t> numbers;
    std::string text;
};

class NumberRanges : public testing::TestWithParam<RangesCase> {};

TEST_P(NumberRanges, SayManyInFewWords) {
    EXPECT_EQ(ranges_text(GetParam().numbers), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(NumberRanges, NumberRanges,
                         testing::Values(RangesCase{"none", {}, ""}, RangesCase{"one", {7}, "7"},
                                         RangesCase{"two_neighbours", {7, 8}, "7-8"},
                                         RangesCase{"a_gap", {1, 2, 3, 5, 9, 10}, "1-3 5 9-10"},
                                         RangesCase{"any_order", {3, 1, 2}, "1-3"},
                                         RangesCase{"each_once", {4, 4, 5, 4}, "4-5"},
                                         RangesCase{"the_ends",
                                                    {0, UINT32_MAX, UINT32_MAX - 1},
                                                    "0 4294967294-4294967295"}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace fairlist::cli
