#include "server/shown/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::cli {
namespace {

#define R "\xEF\xBF\xBD"

struct Utf8Case {
    std::string name;
    std::string bytes;
    std::string text;
};

class ToUtf8 : public testing::TestWithParam<Utf8Case> {};

TEST_P(ToUtf8, FollowsRfc3629) {
    EXPECT_EQ(to_utf8(GetParam().bytes), GetParam().text);
}

// What RFC 3629 section 4 leaves out, one row for each bound.
INSTANTIATE_TEST_SUITE_P(
    Rfc3629, ToUtf8,
    testing::Values(Utf8Case{"ascii", "abc", "abc"}, Utf8Case{"empty", "", ""},
                    Utf8Case{"two_bytes", "\xC3\xA9", "\xC3\xA9"},
                    Utf8Case{"three_bytes", "\xE2\x82\xAC", "\xE2\x82\xAC"},
                    Utf8Case{"four_bytes", "\xF0\x9F\x93\xA7", "\xF0\x9F\x93\xA7"},
                    Utf8Case{"last_code_point", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
                    Utf8Case{"above_the_last", "\xF4\x90\x80\x80", R R R R},
                    Utf8Case{"latin_1",
                             "gr\xFC"
                             "n",
                             "gr" R "n"},
                    Utf8Case{"lone_continuation",
                             "a\x80"
                             "b",
                             "a" R "b"},
                    Utf8Case{"overlong_two", "\xC0\xAF", R R},
                    Utf8Case{"overlong_three", "\xE0\x9F\xBF", R R R},
                    Utf8Case{"overlong_four", "\xF0\x8F\xBF\xBF", R R R R},
                    Utf8Case{"surrogate", "\xED\xA0\x80", R R R},
                    Utf8Case{"cut_short", "\xE2\x82", R R},
                    Utf8Case{"good_after_bad", "\xE2\x41", R "A"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::cli
