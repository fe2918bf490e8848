#include "tools/fairlist/table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace fairlist::cli {
namespace {

TEST(Table, AlignsColumnsAndEndsNoLineInSpaces) {
    Table table({{"NAME"}, {"N", true}, {"NOTE"}});
    table.add({"a", "1", "first"});
    table.add({"longer", "1000", ""});
    EXPECT_EQ(table.text(),
              "NAME       N  NOTE\n"
              "a          1  first\n"
              "longer  1000\n");
}

TEST(Table, CountsCodePointsNotBytes) {
    Table table({{"A"}, {"B"}});
    table.add({"\xC3\xA4\xC3\xB6", "x"});
    table.add({"ab", "y"});
    EXPECT_EQ(table.text(), "A   B\n\xC3\xA4\xC3\xB6  x\nab  y\n");
}

TEST(Table, KeepsLineEndsOutOfCells) {
    Table table({{"A"}});
    table.add({"one\ntwo"});
    EXPECT_EQ(table.text(), "A\none\\x0atwo\n");
}

struct NumberCase {
    std::string name;
    std::uint64_t number;
    std::string grouped;
    std::string bytes;
};

class Numbers : public testing::TestWithParam<NumberCase> {};

TEST_P(Numbers, ArePrintedForPeople) {
    EXPECT_EQ(grouped(GetParam().number), GetParam().grouped);
    EXPECT_EQ(bytes_text(GetParam().number), GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Numbers,
    testing::Values(NumberCase{"zero", 0, "0", "0 B"},
                    NumberCase{"three_digits", 999, "999", "999 B"},
                    NumberCase{"four_digits", 1000, "1,000", "1000 B"},
                    NumberCase{"one_kib", 1024, "1,024", "1.0 KiB"},
                    NumberCase{"six_digits", 123456, "123,456", "120.6 KiB"},
                    NumberCase{"seven_digits", 1234567, "1,234,567", "1.2 MiB"},
                    NumberCase{"gib", 64ULL << 30U, "68,719,476,736", "64.0 GiB"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::cli
