#include "importer/formats/input.h"

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
using testing::IsEmpty;

std::vector<std::string> lines_of(Input& input) {
    std::vector<std::string> lines;
    Line line;
    while (input.next_line(line)) {
        EXPECT_EQ(line.number, lines.size() + 1);
        lines.emplace_back(line.text);
    }
    return lines;
}

struct LinesCase {
    std::string name;
    std::string text;
    std::vector<std::string> lines;
};

const std::vector<LinesCase> kLinesCases = {
    {"empty", "", {}},
    {"one", "a\n", {"a"}},
    {"last_without_newline", "a\nb", {"a", "b"}},
    {"crlf", "a\r\nb\r\n", {"a", "b"}},
    {"lone_cr_stays", "a\rb\n", {"a\rb"}},
    {"empty_lines", "\n\na\n\n", {"", "", "a", ""}},
    {"byte_order_mark",
     "\xEF\xBB\xBF"
     "a\n",
     {"a"}},
    {"only_byte_order_mark", "\xEF\xBB\xBF", {}},
    {"mark_further_on_stays",
     "a\n\xEF\xBB\xBF"
     "b\n",
     {"a",
      "\xEF\xBB\xBF"
      "b"}},
};

class InputLines : public testing::TestWithParam<LinesCase> {};

TEST_P(InputLines, AreTheSameHoweverTheBytesArrive) {
    for (const std::size_t piece : {1UZ, 2UZ, 3UZ, 1000UZ}) {
        Input input = text_input(GetParam().text, piece);
        EXPECT_EQ(lines_of(input), GetParam().lines) << piece;
        EXPECT_TRUE(input.status());
    }
}

TEST_P(InputLines, AreTheSameAfterALookAhead) {
    Input input = text_input(GetParam().text, 2);
    EXPECT_EQ(input.peek(), input.peek());
    EXPECT_EQ(lines_of(input), GetParam().lines);
}

INSTANTIATE_TEST_SUITE_P(Input, InputLines, testing::ValuesIn(kLinesCases),
                         [](const auto& param) { return param.param.name; });

TEST(Input, TakesALineOfTheLimitAndFaultsALongerOne) {
    const std::string fits(kLineBytesMax, 'x');
    const std::string long_line(300'000, 'y');
    for (const std::size_t piece : {777UZ, 100'000UZ, SIZE_MAX}) {
        Input input = text_input(fits + "\n" + fits + "x\n" + long_line + "\nafter\n", piece);
        Line line;
        ASSERT_TRUE(input.next_line(line));
        EXPECT_EQ(line.fault, LineFault::None);
        EXPECT_EQ(line.text.size(), kLineBytesMax);
        ASSERT_TRUE(input.next_line(line));
        EXPECT_EQ(line.fault, LineFault::TooLong);
        ASSERT_TRUE(input.next_line(line));
        EXPECT_EQ(line.fault, LineFault::TooLong);
        EXPECT_TRUE(line.text.starts_with("yyy"));
        ASSERT_TRUE(input.next_line(line));
        EXPECT_EQ(line.number, 4U);
        EXPECT_EQ(line.text, "after");
        EXPECT_FALSE(input.next_line(line));
    }
}

TEST(Input, FaultsALineWithANul) {
    Input input = text_input(std::string("a\nb\0c\nd\n", 8), 3);
    Line line;
    ASSERT_TRUE(input.next_line(line));
    EXPECT_EQ(line.fault, LineFault::None);
    ASSERT_TRUE(input.next_line(line));
    EXPECT_EQ(line.fault, LineFault::HasNul);
    ASSERT_TRUE(input.next_line(line));
    EXPECT_EQ(line.fault, LineFault::None);
}

// A download that breaks off must not leave "1.2.3.4" of "1.2.3.45".
TEST(Input, DropsTheLineThatAFailureCutsShort) {
    int reads = 0;
    Input input("feed.txt", [&](std::span<char> out) -> Result<std::size_t> {
        if (reads++ != 0) {
            return fail(Errc::Io, "connection lost");
        }
        constexpr std::string_view kText = "1.2.3.4\n1.2.3.4";
        std::ranges::copy(kText, out.begin());
        return kText.size();
    });
    EXPECT_THAT(lines_of(input), ElementsAre("1.2.3.4"));
    ASSERT_FALSE(input.status());
    EXPECT_EQ(input.status().error().message, "connection lost");
}

TEST(Input, PeeksNoFurtherThanItsLimitAndGivesAllBlocks) {
    const std::string text(200'000, 'z');
    Input input = text_input(text, 50'000);
    EXPECT_EQ(input.peek().size(), kPeekBytesMax);
    std::string all;
    for (std::string_view block = input.next_block(); !block.empty(); block = input.next_block()) {
        all += block;
    }
    EXPECT_EQ(all, text);
}

}  // namespace
}  // namespace fairlist::importer
