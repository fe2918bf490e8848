#include "importer/dkim/tag_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DkimTagList, KeepsNamesValuesAndWhatStandsBetween) {
    const std::string text = " v = 1;a=\r\n\tx y \t;Under_score2= caf\xC3\xA9;empty=;";
    const auto list = parse_tag_list(text);
    ASSERT_TRUE(list) << list.error().message;
    std::vector<std::string> seen;
    for (const Tag& tag : list->tags()) {
        seen.push_back(std::string(tag.name) + "|" + std::string(tag.value) + "|" +
                       std::string(tag.whole));
    }
    EXPECT_THAT(seen, ElementsAre("v|1| 1", "a|x y|\r\n\tx y \t",
                                  "Under_score2|caf\xC3\xA9| caf\xC3\xA9", "empty||"));
    EXPECT_EQ(list->value("a"), "x y");
    EXPECT_FALSE(list->value("A"));
}

TEST(DkimTagList, TakesWhiteSpaceAfterTheLastSemicolon) {
    const auto list = parse_tag_list("p=x; \r\n ");
    ASSERT_TRUE(list);
    EXPECT_EQ(list->tags().size(), 1U);
}

struct BadList {
    std::string name;
    std::string text;
    std::string why;
};

void PrintTo(const BadList& c, std::ostream* out) {
    *out << c.name;
}

class DkimTagListFault : public testing::TestWithParam<BadList> {};

TEST_P(DkimTagListFault, IsRefused) {
    const auto list = parse_tag_list(GetParam().text);
    ASSERT_FALSE(list);
    EXPECT_THAT(list.error().message, HasSubstr(GetParam().why));
}

std::string many_tags(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += "t" + std::to_string(i) + "=x;";
    }
    return text;
}

INSTANTIATE_TEST_SUITE_P(
    All, DkimTagListFault,
    testing::Values(BadList{"empty", "", "no \"name=value\""},
                    BadList{"only_semicolon", ";", "no \"name=value\""},
                    BadList{"two_semicolons", "a=1;;b=2", "no \"name=value\""},
                    BadList{"two_at_the_end", "a=1;;", "no \"name=value\""},
                    BadList{"no_equals", "a=1; b", "no \"name=value\""},
                    BadList{"no_name", "=1", "no \"name=value\""},
                    BadList{"digit_first", "1a=1", "no \"name=value\""},
                    BadList{"dash_in_name", "a-b=1", "no \"name=value\""},
                    BadList{"blank_in_name", "a b=1", "no \"name=value\""},
                    BadList{"twice", "a=1; b=2; a=1", "stands twice"},
                    BadList{"lone_cr", "a=1\r; b=2", "control character"},
                    BadList{"cr_at_the_end", "a=1\r", "control character"},
                    BadList{"zero_byte", std::string("a=1\0;", 5), "control character"},
                    BadList{"delete", "a=1\x7F", "control character"},
                    BadList{"many", many_tags(kTagsMax + 1), "64 tags"},
                    BadList{"long", "a=" + std::string(kTagListBytesMax, 'x'), "16 KiB"}),
    [](const auto& row) { return row.param.name; });

TEST(DkimTagList, HoldsAsManyTagsAsItMay) {
    EXPECT_TRUE(parse_tag_list(many_tags(kTagsMax)));
}

TEST(DkimTagList, SplitsAtColons) {
    EXPECT_THAT(split_at_colons(" a : b\r\n\t:c"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(split_at_colons("a::"), ElementsAre("a", "", ""));
    EXPECT_THAT(split_at_colons(""), ElementsAre(""));
}

}  // namespace
}  // namespace fairlist::importer
