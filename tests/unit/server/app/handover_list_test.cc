#include "server/app/handover_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::app {
namespace {

constexpr pid_t kOwner = 4711;

struct ListRow {
    std::string name;
    std::string text;
    std::vector<NamedDescriptor> found;
};

class HandoverListGood : public testing::TestWithParam<ListRow> {};

TEST_P(HandoverListGood, IsRead) {
    const auto parsed = parse_handover(GetParam().text, kOwner);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    EXPECT_EQ(*parsed, GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HandoverListGood,
    testing::Values(ListRow{"nothing", "4711", {}}, ListRow{"one", "4711 a=3", {{"a", 3}}},
                    ListRow{"several_of_a_name",
                            "4711 udp-[__1]_53=7,8",
                            {{"udp-[__1]_53", 7}, {"udp-[__1]_53", 8}}},
                    ListRow{"several_names",
                            "4711 udp-127.0.0.1_53=12 tcp-127.0.0.1_53=5",
                            {{"udp-127.0.0.1_53", 12}, {"tcp-127.0.0.1_53", 5}}},
                    ListRow{"highest", "4711 a=2147483647", {{"a", 2147483647}}}),
    [](const auto& row) { return row.param.name; });

struct BadRow {
    std::string name;
    std::string text;
    Errc code;
    std::string told;
};

class HandoverListBad : public testing::TestWithParam<BadRow> {};

TEST_P(HandoverListBad, IsRefusedWithTheReason) {
    const auto parsed = parse_handover(GetParam().text, kOwner);
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, GetParam().code);
    EXPECT_EQ(parsed.error().message, GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HandoverListBad,
    testing::Values(
        BadRow{"empty", "", Errc::Malformed, "\"\" is no process"},
        BadRow{"no_process", "a=3", Errc::Malformed, "\"a=3\" is no process"},
        BadRow{"half_a_process", "47x a=3", Errc::Malformed, "\"47x\" is no process"},
        BadRow{"other_process", "4712 a=3", Errc::Conflict, "is for process 4712, not for 4711"},
        BadRow{"no_process_that_exists", "-1 a=3", Errc::Conflict,
               "is for process -1, not for 4711"},
        BadRow{"huge_process", "99999999999 a=3", Errc::Malformed, "\"99999999999\" is no process"},
        BadRow{"no_name", "4711 =3", Errc::Malformed, "\"=3\" is not NAME=DESCRIPTOR,..."},
        BadRow{"no_descriptor", "4711 a=", Errc::Malformed, "\"a=\" is not NAME=DESCRIPTOR,..."},
        BadRow{"no_sign", "4711 a", Errc::Malformed, "\"a\" is not NAME=DESCRIPTOR,..."},
        BadRow{"two_blanks", "4711  a=3", Errc::Malformed, "\"\" is not NAME=DESCRIPTOR,..."},
        BadRow{"standard_error", "4711 a=2", Errc::Malformed,
               "\"a\": \"2\" is no descriptor from 3 on"},
        BadRow{"negative", "4711 a=-3", Errc::Malformed,
               "\"a\": \"-3\" is no descriptor from 3 on"},
        BadRow{"too_high", "4711 a=2147483648", Errc::Malformed,
               "\"a\": \"2147483648\" is no descriptor from 3 on"},
        BadRow{"letters", "4711 a=3,b", Errc::Malformed, "\"a\": \"b\" is no descriptor from 3 on"},
        BadRow{"number_missing", "4711 a=3,,4", Errc::Malformed,
               "\"a\": \"\" is no descriptor from 3 on"},
        BadRow{"named_twice", "4711 a=3 b=3", Errc::Malformed,
               "\"b\": descriptor 3 is named twice"}),
    [](const auto& row) { return row.param.name; });

TEST(HandoverList, MoreThanTheLimitIsRefused) {
    std::string text = "4711 a=3";
    for (std::size_t number = 1; number < kHandedDescriptorsMax; ++number) {
        text += ',' + std::to_string(number + 3);
    }
    const auto at_limit = parse_handover(text, kOwner);
    ASSERT_TRUE(at_limit.has_value());
    EXPECT_EQ(at_limit->size(), kHandedDescriptorsMax);
    const auto above = parse_handover(text + ",100000", kOwner);
    ASSERT_FALSE(above.has_value());
    EXPECT_EQ(above.error().code, Errc::OutOfRange);
}

TEST(HandoverList, IsWrittenAsItIsRead) {
    const std::vector<NamedDescriptor> sockets = {{"udp-x", 9}, {"tcp-x", 5}, {"udp-x", 7}};
    EXPECT_EQ(format_handover(12, {}), "12");
    EXPECT_EQ(format_handover(kOwner, sockets), "4711 tcp-x=5 udp-x=9,7");
}

}  // namespace
}  // namespace fairlist::app
